"""Ids in addresses: any Unicode, `/` included when percent-encoded.

Servers decode a path before it is routed, so `a%2Fb` and `a/b` look alike by then. `KeptSlashes`
decodes it anew, keeping an encoded slash as the lone surrogate U+DC2F, which no valid UTF-8 can
give, until `Identifier` turns it back. Bytes that are no UTF-8 become lone surrogates too, which
`Identifier` refuses: replaced, as servers do, they would make different ids one.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Path
from pydantic import AfterValidator, BeforeValidator, StringConstraints
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_LENGTH = 200
KEPT_SLASH = "\udc2f"


def restored(value: Any) -> Any:
    """The id as the caller wrote it.

    >>> restored("km\\udc2fh")
    'km/h'
    """
    return value.replace(KEPT_SLASH, "/") if isinstance(value, str) else value


def quoted(identifier: str) -> str:
    """The id as it stands in an address.

    >>> quoted("Volume (3D)"), quoted("C++"), quoted("km/h")
    ('Volume%20%283D%29', 'C%2B%2B', 'km%2Fh')
    """
    return quote(identifier, safe="")


def writable(text: str) -> str:
    """The text, if every store and reader can hold it.

    >>> writable("größer\\x00")
    Traceback (most recent call last):
    ValueError: text without NUL characters or lone surrogates
    """
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("text without NUL characters or lone surrogates")
    return text


Identifier = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_LENGTH),
    BeforeValidator(restored),
    AfterValidator(writable),
    Path(description="The caller's own id: any Unicode, percent-encoded."),
]


class KeptSlashes:
    """ASGI middleware: routes on the path with encoded slashes told apart from real ones."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path") or b""
        if scope["type"] == "http" and b"%" in raw:
            scope = {**scope, "path": decoded_path(raw)}
        await self.app(scope, receive, send)


def decoded_path(raw: bytes) -> str:
    """A raw path decoded, with its encoded slashes kept apart.

    >>> decoded_path(b"/v1/skills/km%2Fh") == "/v1/skills/km" + KEPT_SLASH + "h"
    True
    """
    segments = raw.partition(b"?")[0].decode("latin-1").split("/")
    decoded = (unquote(segment, errors="surrogateescape") for segment in segments)
    return "/".join(segment.replace("/", KEPT_SLASH) for segment in decoded)
