"""Errors as RFC 9457 problem documents: one translation for every error there is.

A document names each field that is wrong, its value, and what would have been right.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from engine.errors import (
    SHOWN_VALUE_LENGTH,
    Conflict,
    Fault,
    InvalidInput,
    NotFound,
    Outdated,
    TrellisError,
    Unavailable,
)

from .auth import Forbidden, TooMany, Unauthenticated
from .negotiation import NotAcceptable
from .versions import Unseen

MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
A_LIST, AN_OBJECT = "a JSON list", "a JSON object"
WORDS: Mapping[str, str] = {
    "extra_forbidden": "no such field: see /docs for the fields there are",
    "model_type": AN_OBJECT,
    "model_attributes_type": AN_OBJECT,
    "dict_type": AN_OBJECT,
    "tuple_type": A_LIST,
    "list_type": A_LIST,
    "string_type": "a text",
    "string_unicode": "text without NUL characters or lone surrogates",
}
"""What would have been right, where pydantic would say it in Python's words."""
READABLE = "a JSON document of moderate depth, its numbers of fewer than 4,300 digits"
MAX_FAULTS = 100  # listed in one document; a caller who has more is told so


@dataclass(frozen=True, slots=True)
class Problem:
    """What a problem document says."""

    status: int
    detail: str
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] | None = None

    def document(self) -> dict[str, Any]:
        """The document as a JSON object (RFC 9457, section 3.1).

        >>> Problem(404, "no skill with the id 'x'").document()["title"]
        'Not Found'
        """
        found: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.faults:
            found["errors"] = [
                {"field": fault.place, "value": shown(fault.value), "expected": fault.expected}
                for fault in self.faults[:MAX_FAULTS]
            ]
        return found


STATUS: Mapping[type[TrellisError], int] = {
    InvalidInput: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    NotAcceptable: 406,
    Conflict: 409,
    Outdated: 412,
    Unseen: 428,
    TooMany: 429,
    Unavailable: 503,
}


def of_error(error: TrellisError) -> Problem:
    """The problem that an error of ours stands for.

    >>> of_error(NotFound("skill", "x"))
    Problem(status=404, detail="no skill with the id 'x'", faults=(), headers=None)
    """
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    faults = error.faults if isinstance(error, InvalidInput) else ()
    detail = _summary(faults) if faults else str(error)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}.get(status)
    if isinstance(error, TooMany):
        headers = {"Retry-After": str(error.seconds)}
    return Problem(status, detail, tuple(faults), headers)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem that a request's failed validation stands for."""
    unreadable = any(error["type"] == "json_invalid" for error in errors)
    faults = tuple(fault_of(error) for error in errors)
    return Problem(400 if unreadable else 422, _summary(faults), faults)


def fault_of(error: Mapping[str, Any], skip: int = 1) -> Fault:
    """One of pydantic's errors in our words; `skip` leaves out the leading `body` or `query`.

    >>> str(fault_of({"type": "missing", "loc": ("body", "id"), "msg": "Field required",
    ...               "input": {}}))
    "id: got 'nothing', expected a value: this field is required"
    """
    location = error["loc"]
    place = _place(location[skip:] if len(location) > skip else location)
    if error["type"] == "json_invalid":
        return Fault("body", f"unreadable at character {location[-1]}", "a JSON document")
    if error["type"] == "missing":
        return Fault(place, "nothing", "a value: this field is required")
    return Fault(place, _text(error.get("input")), _expected(error))


def response(problem: Problem) -> Response:
    """The problem as an HTTP response."""
    content = json.dumps(problem.document(), ensure_ascii=False, allow_nan=False)
    return Response(
        content.encode("utf-8", errors="replace"),
        status_code=problem.status,
        headers=dict(problem.headers or {}),
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Answers every error of the app with a problem document."""

    @app.exception_handler(TrellisError)
    async def _ours(_request: Request, error: TrellisError) -> Response:
        return response(of_error(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> Response:
        return response(of_validation(error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return response(_of_http(request, error))

    @app.exception_handler(Exception)
    async def _unforeseen(_request: Request, _error: Exception) -> Response:
        detail = "something went wrong on our side; the server's log says what"
        return response(Problem(500, detail))


def _of_http(request: Request, error: HTTPException) -> Problem:
    if error.status_code == 404:
        detail = f"nothing at {shown(request.url.path)}; /docs lists what there is"
        return Problem(404, detail)
    if error.status_code == 405:
        allowed = ", ".join(_served_methods(request))
        return Problem(405, f"{request.method} is not served here", headers={"Allow": allowed})
    if isinstance(error.__cause__, ValueError | RecursionError):  # JSON that Python cannot hold
        fault = Fault("body", type(error.__cause__).__name__, READABLE)
        return Problem(error.status_code, str(fault), (fault,))
    return Problem(error.status_code, str(error.detail), headers=error.headers)


def _served_methods(request: Request) -> list[str]:
    """Every method of the address, where the framework only knows those of its first route."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


def _summary(faults: Sequence[Fault]) -> str:
    first = shown(str(faults[0]), SHOWN_VALUE_LENGTH * 4)
    if len(faults) == 1:
        return first
    listed = f", the first {MAX_FAULTS} listed" if len(faults) > MAX_FAULTS else ""
    return f"{len(faults)} things are wrong{listed}; {first}"


def _place(location: Iterable[Any]) -> str:
    """A location as a reader writes it.

    >>> _place(("events", 0, "correct"))
    'events[0].correct'
    """
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _expected(error: Mapping[str, Any]) -> str:
    """What would have been right, from pydantic's message."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in WORDS:
        return WORDS[kind]
    if kind == "too_short":
        return f"at least {context['min_length']} in the list"
    if kind == "too_long":
        return f"at most {context['max_length']} in the list, not {context['actual_length']}"
    message = str(error["msg"])
    for start in ("Input should be ", "Value error, ", "Value should have ", "String should have "):
        message = message.removeprefix(start)
    return message


def _text(value: object) -> str:
    """A faulty value for display: JSON as the caller wrote it, shortened."""
    if isinstance(value, str):
        return shown(value)
    try:
        return shown(json.dumps(value, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return type(value).__name__


def shown(text: str, length: int = SHOWN_VALUE_LENGTH) -> str:
    """Text that any reader can print: no lone surrogates, not too long.

    >>> shown("\\ud800" + "x" * 100)[:3], len(shown("x" * 100))
    ('?xx', 81)
    """
    clean = text[: length + 1].encode("utf-8", errors="replace").decode()
    return clean if len(clean) <= length else clean[:length] + "…"
