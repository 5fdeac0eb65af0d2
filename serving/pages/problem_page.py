"""Errors as a person sees them: the same problem document, printed as a page for browsers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from .rendering import rendered

TITLES = {
    401: "Please sign in",
    403: "This is not yours to see",
    404: "Not found",
    412: "Somebody changed this meanwhile",
    422: "Something in the address is not right",
    503: "Not ready yet",
}
Handler = Callable[[Request, Any], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One thing that is wrong with a request."""

    place: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What went wrong, in a title and a sentence; `sign_in` when signing in would help."""

    title: str
    detail: str
    faults: tuple[FaultLine, ...]
    sign_in: bool


def install_problem_pages(app: FastAPI) -> None:
    """Shows every problem document of the app as a page to whoever prefers HTML.

    Wraps the handlers that are registered so far, so it comes after them.
    """
    for kind, handler in list(app.exception_handlers.items()):
        app.exception_handlers[kind] = _for_people(handler)


def prefers_html(accept: str) -> bool:
    """Whether an Accept header comes from somebody who reads: browsers name HTML, programs do not.

    >>> prefers_html("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), prefers_html("*/*")
    (True, False)
    """
    return "text/html" in accept.lower()


def problem_page(document: dict[str, Any]) -> ProblemPage:
    """What a page says of a problem document.

    >>> problem_page({"status": 404, "title": "Not Found", "detail": "no class"}).title
    'Not found'
    """
    status = document["status"]
    return ProblemPage(
        title=TITLES.get(status, document["title"]),
        detail=_sentence(document["detail"]),
        faults=tuple(
            FaultLine(fault["field"], fault["value"], fault["expected"])
            for fault in document.get("errors", ())
        ),
        sign_in=status == 401,
    )


def _sentence(detail: str) -> str:
    return detail[:1].upper() + detail[1:].rstrip(".") + "."


def _for_people(handler: Handler) -> Handler:
    async def shown(request: Request, error: Exception) -> Response:
        answered = handler(request, error)
        response = await answered if isawaitable(answered) else answered
        if not prefers_html(request.headers.get("accept", "")):
            return response
        document = json.loads(bytes(response.body))
        page = rendered(
            "problem.html", problem_page(document), status=response.status_code, signed_in=False
        )
        for name in ("allow", "retry-after", "www-authenticate"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return page

    return shown
