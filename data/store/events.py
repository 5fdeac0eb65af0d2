"""An answer as it arrives, and what became of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from engine.curriculum import Curriculum
from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR

from .identifiers import EXPECTED as EXPECTED_ID
from .identifiers import is_id, printable
from .instants import microseconds
from .plain import encoded

FUTURE_ALLOWED = timedelta(days=1)  # a device clock may be off by a time zone, hardly by more
REQUIRED_IDS = ("id", "student")
COUNTS = {  # the whole numbers of an event, and the most that any database or JSON reader holds
    "response_ms": 2**53,
    "hints": 2**31 - 1,
    "attempt": 2**31 - 1,
}

Row = dict[str, Any]
Status = Literal["accepted", "duplicate", "conflict", "quarantined", "rejected"]


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One answer as a sender delivers it. `correct` is 0, 1, or a fraction for partial credit.

    It names its `skills`, or the `item` whose skills the curriculum knows; skills named here win.
    `occurred_at` carries a time zone; None stands for the time of arrival. `class_id`, `session`,
    `activity` and the `recommendation` it answers are ids; `hints` and `attempt` are counts.
    """

    id: str
    student: str
    skills: tuple[str, ...] | None = None
    item: str | None = None
    correct: float = math.nan
    occurred_at: datetime | None = None
    activity: str | None = None
    recommendation: str | None = None
    class_id: str | None = None
    session: str | None = None
    response_ms: int | None = None
    hints: int | None = None
    attempt: int | None = None


class Outcome(NamedTuple):
    """What became of one delivered event.

    accepted: kept, and counts. duplicate: already kept, word for word. conflict: another content
    is already kept under this id. quarantined: kept, but too far in the future to count.
    rejected: not kept, and `reason` says why. `unmapped`: it counts once the curriculum knows its
    item and skills.
    """

    id: str
    status: Status
    reason: str = ""
    unmapped: bool = False


def event_faults(event: NewEvent) -> list[Fault]:
    """Everything about an event for which it has to be rejected."""
    faults = [
        Fault(name, printable(value), EXPECTED_ID)
        for name, value in _ids(event)
        if not is_id(value) and (value is not None or name in REQUIRED_IDS)
    ]
    if isinstance(event.skills, str) or (not event.skills and event.item is None):
        expected = "a list of skills, or an item that stands for them"
        faults.append(Fault("skills", printable(event.skills), expected))
    else:
        faults.extend(fault for skill in event.skills or () for fault in _skill_faults(skill))
    if not _is_fraction(event.correct):
        faults.append(Fault("correct", printable(event.correct), "a number from 0 to 1"))
    faults.extend(_time_faults(event.occurred_at))
    faults.extend(_count_faults(event))
    return faults


def _ids(event: NewEvent) -> tuple[tuple[str, str | None], ...]:
    return (
        ("id", event.id),
        ("student", event.student),
        ("item", event.item),
        ("activity", event.activity),
        ("recommendation", event.recommendation),
        ("class_id", event.class_id),
        ("session", event.session),
    )


def _skill_faults(skill: object) -> Iterator[Fault]:
    if not is_id(skill):
        yield Fault("skills", printable(skill), EXPECTED_ID)
    elif SKILL_SEPARATOR in str(skill):
        yield Fault("skills", str(skill), f"skills listed, not joined by {SKILL_SEPARATOR}")


def _time_faults(moment: datetime | None) -> tuple[Fault, ...]:
    try:
        if moment is not None:
            microseconds(moment, "occurred_at")
    except InvalidInput as error:
        return error.faults
    return ()


def _count_faults(event: NewEvent) -> Iterator[Fault]:
    for name, most in COUNTS.items():
        value = getattr(event, name)
        if value is not None and not (type(value) is int and 0 <= value <= most):
            yield Fault(name, printable(value), f"a whole number from 0 to {most}")


def _is_fraction(value: object) -> bool:
    # Also false for NaN, which compares with nothing.
    return isinstance(value, int | float) and 0 <= value <= 1


def content_of(event: NewEvent, now: int) -> Row:
    """What the sender said, as columns of the log. The event must be free of faults."""
    dated = event.occurred_at is not None
    return {
        "id": event.id,
        "student": event.student,
        "skills": _encoded_skills(tuple(event.skills or ())),
        "item": event.item,
        "correct": float(event.correct),
        "occurred_at": microseconds(event.occurred_at) if event.occurred_at else now,
        "dated": dated,
        "activity": event.activity,
        "recommendation": event.recommendation,
        "class_id": event.class_id,
        "session": event.session,
        "response_ms": event.response_ms,
        "hints": event.hints,
        "attempt": event.attempt,
    }


def differences(sent: Row, kept: Row) -> list[str]:
    """The fields in which two deliveries under one id differ.

    Where neither named a time, each was given that of its arrival, which is no difference.
    """
    undated = not sent["dated"] and not kept["dated"]
    ignored = {"dated", "occurred_at"} if undated else {"dated"}
    found = [name for name in sent if name not in ignored and sent[name] != kept[name]]
    if sent["dated"] != kept["dated"] and "occurred_at" not in found:
        found.append("occurred_at")
    return found


@lru_cache(maxsize=4096)
def _encoded_skills(skills: tuple[str, ...]) -> str | None:
    """Skills as a JSON list, each once and in one order, so that equal sets are equal texts."""
    return encoded(sorted(set(skills))) if skills else None


@lru_cache(maxsize=4096)
def decoded_skills(text: str) -> tuple[str, ...]:
    """The skills that an event named.

    >>> decoded_skills('["fractions","ratios"]')
    ('fractions', 'ratios')
    """
    return tuple(json.loads(text))


def counted_skills(
    named: str | None, item: str | None, curriculum: Curriculum
) -> tuple[str, ...] | None:
    """The skills an event counts for now; None while the curriculum lacks its item or any skill.

    A question on two skills of which one is unknown waits: its answer says too little of either.
    """
    if named is not None:
        skills = decoded_skills(named)
        return skills if all(skill in curriculum.skills for skill in skills) else None
    found = curriculum.items.get(item or "")
    return tuple(sorted(set(found.skills))) if found else None
