"""The OpenAPI document: what FastAPI derives, and what it cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from ..documented import FieldError, ProblemDocument

VERSION = "1"
"""Of the API, the `v1` of its addresses; not of the software."""

OPENING = (
    "Send the answers of students; get back how well each has mastered every skill and how sure "
    "that is, what each should do next, and who of a class needs what now."
)
RULES = (
    "Credentials: `Authorization: Bearer KEY`. A key belongs to one tenant and one role.",
    "Ids are yours: any Unicode up to 200 characters, percent-encoded in addresses (`km%2Fh`).",
    'Types are strict: a number is a number (`"1"` is not 1); `correct` also takes true and '
    "false. Unknown fields are refused.",
    "Times are ISO 8601 with a zone, as `2026-09-01T08:30:00Z`.",
    "Errors are problem documents (RFC 9457) that name each field, its value and what would have "
    "been right.",
    "What can change has an `ETag`. `If-Match` with it changes that version or none (412); "
    "teachers, students and families must send it to change a goal, a grouping, a workshop or a "
    "class's policy that exists (428). `If-None-Match` with it reads only what is new (304).",
    "Sending again is safe: `PUT` replaces, and an event already kept is a `duplicate`.",
)
DESCRIPTION = "\n".join([OPENING, "", *(f"- {rule}" for rule in RULES)])

STOCK_DESCRIPTION = "Successful Response"
SCHEMAS = "#/components/schemas/{model}"


def operation_name(route: APIRoute) -> str:
    """What an operation is called, by which generated clients name their functions."""
    return "_".join([*map(str, route.tags[:1]), route.name])


def install(app: FastAPI) -> None:
    """Serves the completed document at `/openapi.json`."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = completed(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def completed(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document, with problem documents in place of its own form of errors."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schemas = document["components"]["schemas"]
    for stock in ("HTTPValidationError", "ValidationError"):
        schemas.pop(stock, None)
    for answer in _answers(document):
        if answer["description"] == STOCK_DESCRIPTION:
            answer["description"] = "What was asked for."
    for model in (ProblemDocument, FieldError):
        found = model.model_json_schema(ref_template=SCHEMAS)
        found.pop("$defs", None)
        schemas[model.__name__] = found
    return document


def _answers(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        for operation in methods.values():
            yield from operation["responses"].values()
