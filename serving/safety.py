"""Headers under which everything leaves: what a browser may do with an answer of ours.

Pages say more of themselves (`pages.rendering`); what an answer says already is left as it is.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
)
"""For answers that are no pages: nothing in them runs, is framed, or tells where it was read."""
ALWAYS_HTTPS = (b"strict-transport-security", b"max-age=31536000")
"""Where people come over HTTPS they always do: nobody on the way can talk them out of it."""


class Safe:
    """ASGI middleware: adds the headers that an answer does not have yet. CORS stays off: no other
    site's script may read an answer, or send what a browser would have to ask for first."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = (*HEADERS, ALWAYS_HTTPS) if https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safer(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message.get("headers", ())
                names = {name for name, _ in said}
                more = (header for header in self._headers if header[0] not in names)
                message = {**message, "headers": [*said, *more]}
            await send(message)

        await self._app(scope, receive, safer)
