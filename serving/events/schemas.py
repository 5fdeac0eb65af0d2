"""An event as a caller sends it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from data.store import NewEvent
from engine.errors import Fault
from engine.responses import SKILL_SEPARATOR

from ..fields import MAX_REFERENCES, Id, Instant, Sent, Share, Whole
from ..identifiers import MAX_LENGTH
from ..problems import fault_of, shown

MAX_EVENTS = 1000
LARGEST_COUNT = 2**31 - 1  # what a database integer holds everywhere


def _single(skill: str) -> str:
    """A text that names one skill: in tables the separator joins several."""
    if SKILL_SEPARATOR in skill:
        raise ValueError(f"skills listed, not joined by {SKILL_SEPARATOR}")
    return skill


Skills = Annotated[
    tuple[Annotated[Id, AfterValidator(_single)], ...],
    Field(min_length=1, max_length=MAX_REFERENCES),
]


class Event(Sent):
    """One scored answer. `item` or `skills` says what it was about; skills, if given, win.

    With `voids` it takes back the evidence of an earlier event: alone it only retracts that one,
    with an answer of its own it corrects it.
    """

    id: Id = Field(description="Your id of this event: sending it again changes nothing.")
    student: Id
    item: Id | None = Field(None, description="The question answered, if you registered items.")
    skills: Skills | None = Field(None, description="The skills the answer needs.")
    correct: Share | None = Field(None, description="0, 1, or a fraction for partial credit.")
    score: Share | None = Field(None, description="Another name for `correct`.")
    occurred_at: Instant | None = Field(None, description="When; the time of arrival if absent.")
    sent_at: Instant | None = Field(
        None,
        description="What the device's clock said when it sent this: `occurred_at` is moved by as "
        "much as that clock is off.",
    )
    voids: Id | None = Field(
        None, description="An earlier event of this student, which no longer counts."
    )
    activity: Id | None = None
    recommendation: Id | None = Field(None, description="The recommendation this answers.")
    class_: Id | None = Field(None, alias="class")
    session: Id | None = None
    response_ms: Whole | None = Field(None, ge=0, le=LARGEST_COUNT)
    hints: Whole | None = Field(None, ge=0, le=LARGEST_COUNT)
    attempt: Whole | None = Field(None, ge=0, le=LARGEST_COUNT)
    evidence_kind: Id | None = Field(
        None, description="What it is if no answer: an essay, a presentation, a model, a talk."
    )
    rubric: Id | None = Field(None, description="The rubric by which a teacher scored it.")

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.voids is not None and self.voids == self.id:
            raise ValueError("`voids`: the id of another event")
        if self.correct is None and self.score is None and self.voids is not None:
            return self  # it only takes back
        if (self.correct is None) == (self.score is None):
            raise ValueError("`correct` or `score`, one of the two")
        if self.item is None and self.skills is None:
            raise ValueError("`item` or `skills`, to say what was answered")
        return self

    def fact(self, sent_at: datetime | None = None) -> NewEvent:
        """The event as the log keeps it; `sent_at` is that of its delivery."""
        correct = self.score if self.correct is None else self.correct
        return NewEvent(
            id=self.id,
            student=self.student,
            skills=self.skills,
            item=self.item,
            correct=correct,
            occurred_at=self.occurred_at,
            activity=self.activity,
            recommendation=self.recommendation,
            class_id=self.class_,
            session=self.session,
            response_ms=self.response_ms,
            hints=self.hints,
            attempt=self.attempt,
            evidence_kind=self.evidence_kind,
            rubric=self.rubric,
            sent_at=self.sent_at or sent_at,
            voids=self.voids,
        )


@dataclass(frozen=True, slots=True)
class Malformed:
    """An event that says no fact, set apart so that the others can be kept."""

    id: str | None
    faults: tuple[Fault, ...]


def _set_apart(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError as error:
        given = value.get("id") if isinstance(value, dict) else None
        faults = tuple(fault_of(dict(found), skip=0) for found in error.errors())
        return Malformed(shown(given, MAX_LENGTH) if isinstance(given, str) else None, faults)


class Delivery(Sent):
    """1 to 1,000 events. Each is judged for itself: a bad one does not hold up the others."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "events": [
                        {
                            "id": "answer-1",
                            "student": "ana",
                            "item": "ratio-7",
                            "correct": True,
                            "occurred_at": "2026-09-01T08:30:00Z",
                        },
                        {"id": "answer-2", "student": "ana", "skills": ["ratio"], "correct": 0.5},
                    ]
                }
            ]
        }
    )

    events: tuple[Annotated[Event, WrapValidator(_set_apart)], ...] = Field(
        min_length=1, max_length=MAX_EVENTS
    )
    sent_at: Instant | None = Field(
        None, description="The device's clock at sending, for every event that says none itself."
    )

    def facts(self) -> list[NewEvent]:
        """Those that can be kept, in the order sent."""
        return [event.fact(self.sent_at) for event in self.events if isinstance(event, Event)]

    def judged(self) -> list[Event | Malformed]:
        """Each event in the order sent, malformed ones set apart."""
        return list(self.events)


class Result(BaseModel):
    """What became of one event, in the order sent."""

    id: str | None
    status: Literal["accepted", "duplicate", "conflict", "quarantined", "rejected"] = Field(
        description="accepted: kept, and it counts. duplicate: kept before, word for word. "
        "conflict: other content is kept under this id. quarantined: kept, but too far in the "
        "future to count. rejected: not kept."
    )
    reason: str = Field(description="Why, where it was not simply accepted.")
    unmapped: bool = Field(
        description="Kept; counts once the curriculum knows its item and skills."
    )
    unlinked: bool = Field(
        description="Kept, and counts as an answer; but the recommendation it names was never made "
        "for this student, so it is no outcome of one."
    )


class Results(BaseModel):
    """What became of every event."""

    results: list[Result]
