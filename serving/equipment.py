"""What is at hand for a student: what the student has, or else what their classes have."""

from __future__ import annotations

from .answers import Reading


def at_hand(reading: Reading, student: str) -> tuple[str, ...] | None:
    """The tools that somebody said are there; None where nobody has, or no activity needs any.

    What is said of the student holds before what is said of their classes.
    """
    if not any(activity.tools for activity in reading.curriculum.restricted):
        return None
    own = reading.store.get(reading.tenant, "students", student) or {}
    if own.get("tools") is not None:
        return tuple(own["tools"])
    return of_classes(reading, sorted(reading.wishes([student])[student].classes))


def of_classes(reading: Reading, classes: list[str]) -> tuple[str, ...] | None:
    """The tools that are there in some of the classes; None where nothing is said of any."""
    found = reading.store.get_many(reading.tenant, "classes", classes).values()
    said = [class_["tools"] for class_ in found if class_.get("tools") is not None]
    return tuple(dict.fromkeys(tool for tools in said for tool in tools)) if said else None
