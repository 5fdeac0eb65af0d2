"""Bodies as JSON: what a caller hands over is kept as text that reads back the same."""

from __future__ import annotations

import json
from typing import Any

from engine.errors import InvalidInput

EXPECTED = "values that JSON can hold: texts of valid Unicode, finite numbers, lists, objects"


def encoded(value: object) -> str:
    """The value as compact JSON. Raises ValueError or TypeError for what JSON cannot hold.

    >>> encoded({"name": "Größe", "skills": ("a",)})
    '{"name":"Größe","skills":["a"]}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def plain(place: str, value: object) -> Any:
    """The value as it will read back. Raises `InvalidInput` for what JSON cannot hold.

    >>> plain("body", {"skills": ("a", "b")})
    {'skills': ['a', 'b']}
    """
    return json.loads(encoded_plainly(place, value))


def encoded_plainly(place: str, value: object) -> str:
    """The value as compact JSON that any database keeps. Raises `InvalidInput` as `plain` does."""
    try:
        text = encoded(value)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput.at(place, type(error).__name__, EXPECTED) from error
    return text
