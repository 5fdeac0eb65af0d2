"""What is turned away at the door: bodies that are too large, or not JSON."""

from __future__ import annotations

from email.message import Message as Header

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import Problem, response

API_PREFIX = "/v1/"
FILES = "/v1/imports/"  # takes files of other kinds, and says which
WRITING = frozenset({"POST", "PUT", "PATCH"})
API_HEADERS = ((b"cache-control", b"no-store"),)
"""Beliefs about children stay out of shared caches."""


class Intake:
    """ASGI middleware: 413 for a body over the limit, 415 for one that is not plain JSON.

    A body is read here, whole, before anything is done with it; one of undeclared length is
    refused as soon as it has grown too long.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self._app = app
        self._limit = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(API_PREFIX):
            send = _with_api_headers(send)
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # the server sends the headers and drops the body
        if scope["method"] not in WRITING:
            await self._app(scope, receive, send)
            return
        problem = self._refusal(scope)
        body = None if problem else await _body(receive, self._limit)
        if body is None:
            await response(problem or self._too_large())(scope, receive, send)
        else:
            await self._app(scope, _replayed(body, receive), send)

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > self._limit:
            return self._too_large()
        if not scope["path"].startswith(API_PREFIX) or _is_empty(headers):
            return None
        if scope["path"].startswith(FILES):
            return _encoded(headers)
        return _wrong_type(headers.get("content-type", "")) or _encoded(headers)

    def _too_large(self) -> Problem:
        detail = f"the body is larger than {self._limit} bytes: send it in several requests"
        return Problem(413, detail, headers={"Connection": "close"})


def is_json(content_type: str) -> bool:
    """Whether a Content-Type says JSON in UTF-8, the only encoding JSON travels in (RFC 8259).

    >>> is_json("application/json; charset=utf-8"), is_json("text/csv")
    (True, False)
    """
    header = Header()
    header["content-type"] = content_type
    kind = header.get_content_type() if content_type else ""
    charset = (header.get_content_charset() or "utf-8").lower()
    return (kind == "application/json" or kind.endswith("+json")) and charset == "utf-8"


def _wrong_type(content_type: str) -> Problem | None:
    if is_json(content_type):
        return None
    shown = ascii(content_type[:80]) if content_type else "none"
    return Problem(415, f"Content-Type: got {shown}, expected application/json in UTF-8")


def _encoded(headers: Headers) -> Problem | None:
    coding = headers.get("content-encoding", "identity")
    if coding.lower() == "identity":
        return None
    detail = f"Content-Encoding: got {coding[:80]!a}, expected none: send it uncompressed"
    return Problem(415, detail, headers={"Accept-Encoding": "identity"})  # RFC 9110, 15.5.16


def _is_empty(headers: Headers) -> bool:
    """An empty body has no type; what is missing from it is said later, field by field."""
    return headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The whole body; None when it is longer than the limit, or nobody is there to send it."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body in one piece, then whatever follows."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _with_api_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *API_HEADERS]}
        await send(message)

    return sending
