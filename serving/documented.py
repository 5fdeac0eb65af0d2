"""What every operation's documentation shares: the problems it may answer with."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from .problems import MEDIA_TYPE

MEANINGS = {
    400: "The body is not JSON.",
    401: "No valid credential came with the request.",
    403: "The caller's role may not do this.",
    404: "It does not exist, or is not the caller's to see.",
    406: "The caller takes none of the forms that there are.",
    409: "It contradicts what is already known.",
    412: "It was changed since it was read: `If-Match` names another version.",
    413: "The body is larger than is accepted.",
    415: "The body is not declared as JSON.",
    422: "The input is at fault: `errors` names each field, its value and what would be right.",
    428: "It exists, and the caller must say by `If-Match` which version of it they saw.",
    429: "Too many at once: wait as long as `Retry-After` says.",
    503: "Something is not there now, as a model before the first `trellis train`.",
}


class FieldError(BaseModel):
    """One thing that is wrong."""

    field: str
    value: str
    expected: str


class ProblemDocument(BaseModel):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default_factory=list)


Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Responses:
    """The `responses` of an operation that may answer with these problems.

    >>> sorted(problems(404))
    [404]
    """
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {status: {"description": MEANINGS[status], "content": content} for status in statuses}


GUARDED = (401, 403, 422)
"""Problems of every operation behind a credential."""
WRITTEN = (*GUARDED, 400, 413, 415)
"""Problems of every operation that takes a body."""
