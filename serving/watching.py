"""Every request is counted, timed and logged: by its route's template, never by its address.

Addresses hold the ids of children, bodies their answers; neither is written down anywhere.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Answered

if TYPE_CHECKING:
    from .context import Context

ROUTE = "trellis.route"
UNKNOWN = "unknown"
"""The route of a request that was refused before it was routed, or that leads nowhere."""
REQUEST_ID = b"x-request-id"
logger = logging.getLogger("trellis.requests")


class Watched:
    """ASGI middleware, outermost: counts and logs a request, and names it in `X-Request-ID`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = uuid4().hex
        status = 500  # unless an answer begins

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (REQUEST_ID, name.encode())]
                message = {**message, "headers": headers}
            await send(message)

        route: list[str] = []  # shared by all copies of the scope, of which routing fills one
        started = time.perf_counter()
        try:
            await self._app({**scope, ROUTE: route}, receive, named)
        finally:
            seconds = time.perf_counter() - started
            template = route[0] if route else UNKNOWN
            _note(scope, Answered(scope["method"], template, status, seconds), name)


class Routed:
    """ASGI middleware, innermost: passes on which route the request took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            template = getattr(scope.get("route"), "path", None)
            if template is not None:
                note_route(scope, template)


def note_route(scope: Scope, template: str) -> None:
    """The request is counted under this route."""
    route = scope.get(ROUTE)
    if route is not None and not route:
        route.append(template)


def _note(scope: Scope, request: Answered, name: str) -> None:
    context: Context = scope["app"].state.context
    context.metrics.answered(request)
    method, route, status, seconds = request
    said = {"request": name, "method": method, "route": route, "status": status}
    level = logging.ERROR if status >= 500 else logging.INFO
    logger.log(level, "request", extra={"said": {**said, "ms": round(seconds * 1000, 2)}})
