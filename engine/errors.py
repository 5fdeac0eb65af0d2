"""What can go wrong, drawn as one small tree.

TrellisError
├── InvalidInput   the caller's input is at fault: exit status 2, HTTP 422 (400, 413 … by place)
├── NotFound       what was asked for does not exist: exit status 2, HTTP 404
├── Conflict       it contradicts what is already known: exit status 2, HTTP 409
├── Outdated       it was changed since the caller read it: exit status 2, HTTP 412
└── Unavailable    something Trellis needs is not there: exit status 1, HTTP 503
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SHOWN_VALUE_LENGTH = 80  # characters of a faulty value that a message repeats


class Fault(NamedTuple):
    """One thing that is wrong: where, what was there, and what would have been right.

    >>> str(Fault("row 3, correct", "1.7", "a number from 0 to 1"))
    "row 3, correct: got '1.7', expected a number from 0 to 1"
    """

    place: str
    value: str
    expected: str

    def __str__(self) -> str:
        shown = self.value
        if len(shown) > SHOWN_VALUE_LENGTH:
            shown = shown[:SHOWN_VALUE_LENGTH] + "…"
        return f"{self.place}: got {shown!r}, expected {self.expected}"


class TrellisError(Exception):
    """Base of every error that Trellis raises on purpose."""


class InvalidInput(TrellisError):
    """The caller's input is at fault; `faults` lists everything that is wrong with it at once.

    >>> error = InvalidInput([Fault("minutes", "-5", "a number above 0")])
    >>> str(error)
    "minutes: got '-5', expected a number above 0"
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def at(cls, place: str, value: object, expected: str) -> InvalidInput:
        """An error with a single fault."""
        return cls([Fault(place, str(value), expected)])


class NotFound(TrellisError):
    """What was asked for does not exist (or is not the caller's to see)."""

    def __init__(self, kind: str, identifier: str) -> None:
        self.kind = kind
        self.identifier = identifier
        super().__init__(f"no {kind} with the id {identifier!r}")


class Conflict(TrellisError):
    """The input is well-formed but contradicts what is already known."""


class Outdated(TrellisError):
    """What is to be changed was changed by somebody else since the caller read it."""


class Unavailable(TrellisError):
    """Something Trellis needs (a model, the database) is not there now."""
