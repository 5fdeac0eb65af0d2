"""A move within the groups of a class, said as an override: checked, previewed, done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.errors import InvalidInput, NotFound
from engine.overrides import Override

from ..answers import Reading
from ..groupings.changing import change_grouping, moved, status_at
from ..groupings.schemas import GroupingChange, Move

Document = dict[str, Any]


def check_move(reading: Reading, override: Override) -> None:
    """Raises as the change would: `InvalidInput` for a student or a group that is not of the
    grouping, `Conflict` for one that is locked or over."""
    document = _grouping(reading, override)
    if document["kind"] == "need":
        wanted = "an `objective` and a `tier`, for groups by need"
        raise InvalidInput.at("grouping", document["id"], wanted)
    moved(reading, document, _change(override))


def group_moves(reading: Reading, override: Override) -> Iterator[Document]:
    """The grouping in which the student would sit elsewhere, with its spread then."""
    if override.grouping is None:
        return
    document = _grouping(reading, override)
    after = moved(reading, document, _change(override))
    student = override.student or ""
    yield {
        "grouping": document["id"],
        "before": group_of(document, student),
        "after": group_of(after, student),
        "spread": {
            "before": document["quality"]["spread"],
            "after": after["quality"]["spread"],
        },
    }


def seat_as_said(reading: Reading, override: Override, *, by: str) -> Document:
    """The grouping with the student where the override says."""
    document = _grouping(reading, override)
    return change_grouping(
        reading, document, _change(override), by=by, expected=document["version"], said=True
    )


def group_of(document: Document, student: str) -> int | None:
    """The number of the group in which a student sits; None for none."""
    return next(
        (
            group["number"]
            for group in document["groups"]
            if any(seat["student"] == student for seat in group["students"])
        ),
        None,
    )


def _change(override: Override) -> GroupingChange:
    move = Move(student=override.student or "", to=override.group)
    return GroupingChange(moves=(move,), lock=(), confirm_support=(), reason=override.reason)


def _grouping(reading: Reading, override: Override) -> Document:
    found = reading.store.get(reading.tenant, "groupings", override.grouping or "")
    if found is None:
        raise NotFound("grouping", override.grouping or "")
    return {**found, "status": status_at(found, reading.now)}
