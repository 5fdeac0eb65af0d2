"""An answer as it arrives, and what became of it."""

from __future__ import annotations

import json
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
from .instants import FIRST, LAST, MICROSECOND, microseconds
from .plain import encoded

FUTURE_ALLOWED = timedelta(days=1)  # a device clock may be off by a time zone, hardly by more
CLOCK_TOLERANCE = timedelta(minutes=1)
"""A device's clock that is off by less is taken as right: the way here takes seconds too."""
REQUIRED_IDS = ("id", "student")
COUNTS = {  # the whole numbers of an event, and the most that any database or JSON reader holds
    "response_ms": 2**53,
    "hints": 2**31 - 1,
    "attempt": 2**31 - 1,
}

Status = Literal["accepted", "duplicate", "conflict", "quarantined", "rejected"]


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One answer as a sender delivers it. `correct` is 0, 1, or a fraction for partial credit.

    It names its `skills`, or the `item` whose skills the curriculum knows; skills named here win.
    `occurred_at` carries a time zone; None stands for the time of arrival. `sent_at` is what the
    sender's clock said when it sent this; `occurred_at` is moved by as much as that clock is off.
    `class_id`, `session`, `activity` and the `recommendation` it answers are ids; `hints` and
    `attempt` are counts. `evidence_kind` says what it is where it is no answer to a question (an
    essay, a presentation), and `rubric` by which rubric a teacher scored it.

    `voids` takes back the evidence of an earlier event of the student, for good: with an answer of
    its own it corrects that event, with none it only retracts it.
    """

    id: str
    student: str
    skills: tuple[str, ...] | None = None
    item: str | None = None
    correct: float | None = None
    occurred_at: datetime | None = None
    activity: str | None = None
    recommendation: str | None = None
    class_id: str | None = None
    session: str | None = None
    response_ms: int | None = None
    hints: int | None = None
    attempt: int | None = None
    evidence_kind: str | None = None
    rubric: str | None = None
    sent_at: datetime | None = None
    voids: str | None = None


class Outcome(NamedTuple):
    """What became of one delivered event.

    accepted: kept, and counts. duplicate: already kept, word for word. conflict: another content
    is already kept under this id. quarantined: kept, but too far in the future to count.
    rejected: not kept, and `reason` says why. `unmapped`: it counts once the curriculum knows its
    item and skills, or takes back the event it voids once that has arrived. `unlinked`: it counts
    as an answer, and towards no recommendation, for this student was never given the one it names.
    """

    id: str
    status: Status
    reason: str = ""
    unmapped: bool = False
    unlinked: bool = False


class Arrival(NamedTuple):
    """An event as a row of the log, in the order of its columns."""

    tenant: str
    id: str
    student: str
    skills: str | None
    item: str | None
    correct: float | None
    occurred_at: int
    dated: bool
    clock_offset: int
    voids: str | None
    activity: str | None
    recommendation: str | None
    class_id: str | None
    session: str | None
    response_ms: int | None
    hints: int | None
    attempt: int | None
    evidence_kind: str | None
    rubric: str | None
    received_at: int
    quarantined: bool

    @property
    def said(self) -> dict[str, Any]:
        """What the sender said, which is what makes two deliveries the same or not."""
        content = self._asdict()
        for name in NOT_SAID:
            del content[name]
        return {**content, "occurred_at": self.said_at}

    @property
    def said_at(self) -> int | None:
        """When it happened by the sender's clock; None where the sender did not say."""
        return self.occurred_at - self.clock_offset if self.dated else None


NOT_SAID = ("tenant", "dated", "clock_offset", "received_at", "quarantined")


def event_faults(event: NewEvent) -> list[Fault]:
    """Everything about an event for which it has to be rejected."""
    faults = [
        Fault(name, printable(value), EXPECTED_ID)
        for name, value in _ids(event)
        if value is not None and not is_id(value)
    ]
    faults += [
        Fault(name, "None", EXPECTED_ID) for name in REQUIRED_IDS if getattr(event, name) is None
    ]
    if event.voids is None or event.correct is not None:
        faults.extend(_answer_faults(event))
    if event.voids is not None and event.voids == event.id:
        faults.append(Fault("voids", printable(event.voids), "the id of another event"))
    for name in ("occurred_at", "sent_at"):
        faults.extend(_time_faults(getattr(event, name), name))
    faults.extend(_count_faults(event))
    return faults


def _ids(event: NewEvent) -> tuple[tuple[str, str | None], ...]:
    return (
        ("id", event.id),
        ("student", event.student),
        ("item", event.item),
        ("voids", event.voids),
        ("activity", event.activity),
        ("recommendation", event.recommendation),
        ("class_id", event.class_id),
        ("session", event.session),
        ("evidence_kind", event.evidence_kind),
        ("rubric", event.rubric),
    )


def _answer_faults(event: NewEvent) -> Iterator[Fault]:
    if isinstance(event.skills, str) or (not event.skills and event.item is None):
        expected = "a list of skills, or an item that stands for them"
        yield Fault("skills", printable(event.skills), expected)
    else:
        for skill in event.skills or ():
            yield from _skill_faults(skill)
    if not _is_fraction(event.correct):
        yield Fault("correct", printable(event.correct), "a number from 0 to 1")


def _skill_faults(skill: object) -> Iterator[Fault]:
    if not is_id(skill):
        yield Fault("skills", printable(skill), EXPECTED_ID)
    elif SKILL_SEPARATOR in str(skill):
        yield Fault("skills", str(skill), f"skills listed, not joined by {SKILL_SEPARATOR}")


def _time_faults(moment: datetime | None, name: str) -> tuple[Fault, ...]:
    try:
        if moment is not None:
            microseconds(moment, name)
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


def arrival_of(event: NewEvent, tenant: str, now: int) -> Arrival:
    """The event as the log keeps it. It must be free of faults."""
    offset = clock_offset(event, now)
    said_at = None if event.occurred_at is None else microseconds(event.occurred_at)
    occurred_at = now if said_at is None else min(max(said_at + offset, FIRST), LAST)
    return Arrival(
        tenant=tenant,
        id=event.id,
        student=event.student,
        skills=_encoded_skills(tuple(event.skills or ())),
        item=event.item,
        correct=None if event.correct is None else float(event.correct),
        occurred_at=occurred_at,
        dated=said_at is not None,
        clock_offset=0 if said_at is None else occurred_at - said_at,
        voids=event.voids,
        activity=event.activity,
        recommendation=event.recommendation,
        class_id=event.class_id,
        session=event.session,
        response_ms=event.response_ms,
        hints=event.hints,
        attempt=event.attempt,
        evidence_kind=event.evidence_kind,
        rubric=event.rubric,
        received_at=now,
        quarantined=occurred_at > now + FUTURE_ALLOWED // MICROSECOND,
    )


def clock_offset(event: NewEvent, now: int) -> int:
    """By how many microseconds the sender's clock was behind ours when it sent the event.

    >>> from datetime import UTC
    >>> at = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
    >>> behind = NewEvent("e1", "ana", sent_at=at - timedelta(hours=2))
    >>> clock_offset(behind, microseconds(at)) // 3_600_000_000
    2
    """
    if event.sent_at is None:
        return 0
    offset = now - microseconds(event.sent_at)
    return offset if abs(offset) > CLOCK_TOLERANCE // MICROSECOND else 0


def differences(sent: Arrival, kept: Arrival) -> list[str]:
    """The fields in which two deliveries under one id differ.

    Where neither named a time, each was given that of its arrival, which is no difference.
    """
    ours, theirs = sent.said, kept.said
    return [name for name, value in ours.items() if value != theirs[name]]


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
    return curriculum.item_skills.get(item or "")
