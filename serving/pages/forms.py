"""Forms of our own pages, told from those of any other site.

Every form carries a token that only our pages know: it is made from the visitor's cookie, so
another site can neither read nor guess it (OWASP, signed double-submit cookie). The check stands
at the door, before any endpoint: no form can forget it. A template writes

    <input type="hidden" name="csrf" value="{{ csrf }}">

and what it prints there is filled in on the way out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..auth import API_PREFIX, SESSION_COOKIE
from ..problems import Problem, response

FORM_COOKIE = "trellis_form"
"""Stands in for the session before there is one: the sign-in form needs a token as well."""
FIELD = "csrf"
MARK = "csrf-token-goes-here".ljust(64, "-")
"""What a template prints for the token: as long, so that no length changes."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none", ""})
FOREIGN = (
    "this form was not sent from a page of ours, or that page is too old: open it again and send "
    "it from there"
)


class Forms:
    """ASGI middleware, behind `Intake`: 403 for a form that no page of ours has sent."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(API_PREFIX):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        secret = _secret(headers)
        if scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, self._filling(send, secret))
            return
        message = await receive()
        if not _is_ours(headers, secret, message.get("body", b"")):
            await response(Problem(403, FOREIGN))(scope, receive, send)
            return
        await self._app(scope, _again(message, receive), self._filling(send, secret))

    def _filling(self, send: Send, secret: str | None) -> Send:
        """A `send` that prints the token where a page asks for it, and sets the form's cookie."""
        new = None if secret else secrets.token_urlsafe(32)
        token = csrf_token(secret or new or "")

        async def filled(message: Message) -> None:
            if message["type"] == "http.response.start" and new and _is_page(message):
                headers = [*message["headers"], (b"set-cookie", self._cookie(new))]
                message = {**message, "headers": headers}
            elif message["type"] == "http.response.body":
                body = message.get("body", b"").replace(MARK.encode(), token.encode())
                message = {**message, "body": body}
            await send(message)

        return filled

    def _cookie(self, value: str) -> bytes:
        secure = "; Secure" if self._secure else ""
        return f"{FORM_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()


def csrf_token(secret: str) -> str:
    """The token of a visitor's forms, from the secret in their cookie.

    >>> len(csrf_token("secret")) == len(MARK)
    True
    """
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"form", hashlib.sha256).hexdigest()


def _secret(headers: Headers) -> str | None:
    """The cookie that a visitor's forms are signed with: their session, or else the form's own."""
    cookies = cookie_parser("; ".join(headers.getlist("cookie")))
    return cookies.get(SESSION_COOKIE) or cookies.get(FORM_COOKIE) or None


def _is_ours(headers: Headers, secret: str | None, body: bytes) -> bool:
    if headers.get("sec-fetch-site", "") not in OWN_SITES or secret is None:
        return False
    given = parse_qs(body.decode("latin-1")).get(FIELD, [""])[0]
    return hmac.compare_digest(given.encode(), csrf_token(secret).encode())


def _is_page(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return kind.startswith("text/html")


def _again(message: Message, receive: Receive) -> Receive:
    """A `receive` that gives the message again, then whatever follows."""
    waiting = [message]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
