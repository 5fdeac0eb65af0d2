"""`/docs`: the reference and a worked example, without a script and without a CDN."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..pages import rendering
from .views import coded, docs_page

HERE = Path(__file__).parent

router = APIRouter(include_in_schema=False)

_templates = Environment(
    loader=FileSystemLoader([HERE / "templates", rendering.HERE / "templates"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["coded"] = coded
_templates.globals["asset"] = rendering.asset_address
_templates.globals["csrf"] = ""


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """What the API offers, for people."""
    page = docs_page(request.app.openapi(), str(request.base_url).rstrip("/"))
    text = _templates.get_template("docs.html").render(
        page=page, signed_in=False, home="", here="docs"
    )
    return HTMLResponse(text, headers=rendering.PAGE_HEADERS)


@router.get("/docs/docs.css")
def style() -> Response:
    """The page's own style sheet."""
    return Response((HERE / "static" / "docs.css").read_bytes(), media_type="text/css")
