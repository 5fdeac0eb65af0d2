"""`Idempotency-Key`: a POST that is sent again is answered as it was, and done once.

For every POST of the API but events, whose ids do the same for each event. The reply is kept for a
day, by caller, key and address; the same key with another request is a conflict.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.store import Principal, Reply, Store
from engine.errors import TrellisError

from .auth import bearer
from .context import Context
from .events.express import PATH as EVENTS
from .problems import Problem, of_error, response

HEADER = "idempotency-key"
LONGEST_KEY = 255
KEPT_HEADERS = ("content-type", "location", "etag")
REPLAYED = (b"idempotency-replayed", b"true")


SECRET_ANSWERS = (":reset",)
"""Addresses whose answer holds a secret, which is shown once and never kept."""


class Repeats:
    """ASGI middleware, behind `Intake`: bodies arrive whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        secret = bearer(scope) if key is not None else None
        if key is None or secret is None:
            await self._app(scope, receive, send)
            return
        context: Context = scope["app"].state.context
        store, now = context.store, context.clock()
        try:
            caller = await run_in_threadpool(store.principal, secret, now)
            if caller is None:  # refused where everybody else is
                await self._app(scope, receive, send)
                return
            await self._once(scope, receive, send, (store, caller, now, secret, key))
        except TrellisError as error:
            await response(of_error(error))(scope, receive, send)

    async def _once(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        asking: tuple[Store, Principal, datetime, str, str],
    ) -> None:
        store, caller, now, secret, key = asking
        if not 0 < len(key) <= LONGEST_KEY:
            problem = Problem(422, f"Idempotency-Key: expected 1 to {LONGEST_KEY} characters")
            await response(problem)(scope, receive, send)
            return
        message = await receive()
        digest = _digest(secret, key, scope["path"])
        request = _digest(scope.get("query_string", b"").decode(), message.get("body", b"").hex())
        known = await run_in_threadpool(store.take_up, caller.tenant, digest, request, now)
        if known is not None:
            await _again(known, request)(scope, receive, send)
            return
        heard = _Heard()
        try:
            await self._app(scope, _first(message, receive), heard)
        finally:
            await run_in_threadpool(_settle, store, caller.tenant, digest, request, heard)
        for each in heard.messages:
            await send(each)


class _Heard:
    """Takes an answer down. It is passed on once it is kept: whoever has it may ask again at once,
    and nobody has one that a crash could make us forget."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.status = 500
        self.headers: dict[str, str] = {}
        self.body = b""
        self.whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            found = Headers(raw=message.get("headers", []))
            self.headers = {name: found[name] for name in KEPT_HEADERS if name in found}
        else:
            self.body += message.get("body", b"")
            self.whole = not message.get("more_body", False)
        self.messages.append(message)


def _settle(store: Store, tenant: str, digest: str, request: str, heard: _Heard) -> None:
    """What was done is kept as done; what was refused may be tried again."""
    if heard.whole and heard.status < 400:
        reply = Reply(request, heard.status, heard.headers, heard.body.decode())
        store.keep_reply(tenant, digest, reply)
    else:
        store.let_go(tenant, digest)


def _again(known: Reply, request: str) -> Response:
    if known.request != request:
        detail = "Idempotency-Key: it was sent before with another request; take a new key"
        return response(Problem(409, detail))
    if known.status is None:
        detail = "Idempotency-Key: the first request with it is still being answered"
        return response(Problem(409, detail, headers={"Retry-After": "1"}))
    found = Response(known.body, known.status, known.headers)
    found.raw_headers.append(REPLAYED)
    return found


def _key(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    path = scope["path"]
    if not path.startswith("/v1/") or path == EVENTS or path.endswith(SECRET_ANSWERS):
        return None
    return Headers(scope=scope).get(HEADER)


def _digest(*parts: str) -> str:
    text = "\x00".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()


def _first(message: Message, receive: Receive) -> Receive:
    waiting = [message]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
