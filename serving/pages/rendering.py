"""Templates, and the headers under which a page leaves the house."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..identifiers import quoted
from .forms import MARK

HERE = Path(__file__).parent
ASSETS = {"trellis.css": "text/css; charset=utf-8", "trellis.svg": "image/svg+xml"}

PAGE_HEADERS = {
    # Names of children are on these pages: nothing foreign may load, frame, cache or learn of them.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def rendered(
    template: str,
    page: object,
    *,
    status: int = 200,
    signed_in: bool = True,
    home: str = "Classes",
    here: str = "",
) -> HTMLResponse:
    """A template filled with its one value, `page`; `home` is what the front page is called, and
    `here` which of the ways on top leads to this one."""
    text = _templates.get_template(template).render(
        page=page, signed_in=signed_in, home=home, here=here
    )
    return HTMLResponse(text, status_code=status, headers=PAGE_HEADERS)


@cache
def asset(name: str) -> bytes:
    """The content of a style sheet or picture. Raises `KeyError` for a name that is not listed."""
    if name not in ASSETS:
        raise KeyError(name)
    return (HERE / "static" / name).read_bytes()


@cache
def asset_address(name: str) -> str:
    """Where a browser fetches an asset; the address changes with its content."""
    return f"/assets/{name}?v={hashlib.sha256(asset(name)).hexdigest()[:12]}"


def address(*segments: str, **query: str | None) -> str:
    """A path of ids and words, with the query fields that have a value.

    >>> address("classes", "7a/b", "students", "Zoë", skill="C++", sort=None)
    '/classes/7a%2Fb/students/Zo%C3%AB?skill=C%2B%2B'
    """
    path = "/" + "/".join(quoted(segment) for segment in segments)
    fields = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(fields)}" if fields else path


_templates.globals["asset"] = asset_address
_templates.globals["csrf"] = MARK
