"""Ids are the caller's own: any Unicode text of 1 to 200 characters, but for the NUL character."""

from __future__ import annotations

from engine.errors import Fault, InvalidInput

MAX_LENGTH = 200
EXPECTED = f"a text of 1 to {MAX_LENGTH} Unicode characters without NUL"


def is_id(value: object) -> bool:
    """Whether the value can be an id.

    >>> is_id("Volume (3D)"), is_id("C++"), is_id(""), is_id("a\\0b"), is_id(7)
    (True, True, False, False, False)
    """
    if not isinstance(value, str) or not 0 < len(value) <= MAX_LENGTH or "\0" in value:
        return False
    return value.isascii() or _is_unicode(value)


def _is_unicode(value: str) -> bool:
    """False for half of a surrogate pair, which JSON can spell and no database can keep."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_ids(place: str, *values: object) -> None:
    """Raises `InvalidInput` naming every value that cannot be an id."""
    faults = [Fault(place, printable(value), EXPECTED) for value in values if not is_id(value)]
    if faults:
        raise InvalidInput(faults)


def printable(value: object) -> str:
    """The value as a message can show it, whatever it holds."""
    return str(value).encode(errors="backslashreplace").decode()
