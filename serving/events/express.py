"""The short way for answers: a delivery in which nothing is wrong skips routing and dependencies.

Those cost several times what keeping an answer does. Whatever is not plain (a foreign credential,
a query, an unreadable body, an event at fault) goes the long way, untouched, so that every refusal
is said in one place; what is kept is kept and answered by the same functions either way.
"""

from __future__ import annotations

import asyncio
import json

from fastapi import Response
from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from data.store import Principal
from engine.errors import TrellisError

from .. import problems
from ..auth import bearer, may
from ..context import Context
from ..roles import Action
from ..watching import note_route
from .answers import answer
from .schemas import Delivery, Malformed

PATH = "/v1/events"


class Express:
    """ASGI middleware, behind `Intake`: bodies arrive whole, and are JSON by their headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_delivery(scope):
            await self._app(scope, receive, send)
            return
        message = await receive()
        context: Context = scope["app"].state.context
        caller = _sender(scope, context)
        delivery = _plain(message.get("body", b"")) if caller else None
        if caller is None or delivery is None:
            await self._app(scope, _first(message, receive), send)
            return
        note_route(scope, PATH)
        reply = await _kept(delivery, caller, context)
        await reply(scope, receive, send)


async def _kept(delivery: Delivery, caller: Principal, context: Context) -> Response:
    """The answer once every event is on the disk, as the endpoint gives it."""
    try:
        pending = context.store.deliver(caller.tenant, delivery.facts(), context.clock())
        # Shielded: a sender who goes away must not take the others of the group along.
        group = await asyncio.shield(asyncio.wrap_future(pending.group))
        context.metrics.delivered(group[pending.place])
        return answer(delivery, group[pending.place])
    except TrellisError as error:
        return problems.response(problems.of_error(error))


def _is_delivery(scope: Scope) -> bool:
    return bool(
        scope["method"] == "POST" and scope["path"] == PATH and not scope.get("query_string")
    )


def _sender(scope: Scope, context: Context) -> Principal | None:
    """The caller, if this process has seen their key just now and they may send events."""
    secret = bearer(scope)
    caller = context.store.remembered(secret) if secret else None
    return caller if caller and may(caller, Action.SEND_EVENTS) else None


def _plain(body: bytes) -> Delivery | None:
    """The delivery, if there is nothing wrong with any of its events."""
    try:
        delivery = Delivery.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError):
        return None
    return None if any(isinstance(e, Malformed) for e in delivery.events) else delivery


def _first(message: object, receive: Receive) -> Receive:
    """A `receive` that gives the message again, then whatever follows."""
    waiting = [message]

    async def replay() -> object:
        return waiting.pop() if waiting else await receive()

    return replay  # type: ignore[return-value]
