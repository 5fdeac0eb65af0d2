"""Types of the fields that callers send: strict, so that nothing is guessed.

Numbers must be numbers and text must be text: `"1"` is not 1. Truth values are accepted for
`correct` alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    WithJsonSchema,
)

from .identifiers import MAX_LENGTH, writable

MAX_TEXT = 1000
MAX_REFERENCES = 10_000  # ids that one fact may name: a large district's largest "class"

ZONED = "ISO 8601 with a time zone, as 2026-09-01T08:30:00Z"


class Sent(BaseModel):
    """Base of everything a caller sends: a field that nobody reads is an error, not a typo kept."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def instant(value: Any) -> datetime:
    """A time in UTC from ISO 8601 text that names its zone.

    >>> instant("2026-09-01T10:30:00+02:00").isoformat()
    '2026-09-01T08:30:00+00:00'
    >>> instant("2026-09-01T10:30:00")
    Traceback (most recent call last):
    ValueError: ISO 8601 with a time zone, as 2026-09-01T08:30:00Z
    """
    if not isinstance(value, str):
        raise ValueError(ZONED)
    # "+" in an address that was not percent-encoded arrives as a blank
    text = value.replace(" ", "+") if "T" in value else value
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError(ZONED)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(ZONED) from None


def share(value: Any) -> float:
    """How much of an answer was right: a truth value, or a number from 0 to 1.

    >>> share(True), share(0.25)
    (1.0, 0.25)
    >>> share("1")
    Traceback (most recent call last):
    ValueError: a number from 0 to 1, or true or false
    """
    if isinstance(value, bool | int | float) and 0 <= value <= 1:
        return float(value)
    raise ValueError("a number from 0 to 1, or true or false")


Id = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_LENGTH), AfterValidator(writable)
]
Ids = Annotated[tuple[Id, ...], Field(max_length=MAX_REFERENCES)]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(writable)]
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Instant = Annotated[
    datetime,
    BeforeValidator(instant),
    WithJsonSchema({"type": "string", "format": "date-time", "description": ZONED}),
]
Share = Annotated[
    float,
    BeforeValidator(share),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "boolean"}]}
    ),
]
