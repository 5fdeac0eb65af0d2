"""What is asked for, and the decision that answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.requests import DEFAULT_CANDIDATES, MOST_CANDIDATES, Request

from ..fields import Flag, Id, Ids, Number, Sent, Whole

Intent = Literal["auto", "learn", "practice", "review", "assess", "diagnose"]
Status = Literal["ok", "complete", "nothing_available", "needs_teacher", "review_later"]


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class RecommendationRequest(Sent):
    """What the student wants and what is possible now. `{}` asks for whatever is best."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"intent": "learn", "n": 3, "minutes": 20}]}
    )
    intent: Intent = "auto"
    n: Whole = Field(DEFAULT_CANDIDATES, ge=1, le=MOST_CANDIDATES)
    objective: Id | None = Field(None, description="Stay within it and what it builds on.")
    goal: Id | None = Field(None, description="A skill the student chose.")
    minutes: Number | None = Field(None, ge=0, description="Only what takes no longer.")
    modality: Annotated[Ids, BeforeValidator(_several)] = Field(
        (), description="Only these kinds of activity, one or several; empty: every kind."
    )
    exclude: Ids = Field((), description="Never these activities.")
    teacher_available: Flag = False

    def asked(self) -> Request:
        """The request as the policy reads it."""
        return Request(**self.model_dump())


class Reason(BaseModel):
    """One term of a decision: its weight, and a sentence."""

    code: str
    weight: float
    text: str


class Candidate(BaseModel):
    """An activity that is offered. Its score is exp of the sum of the reasons' weights."""

    activity: str
    skill: str
    purpose: str
    rank: int
    score: float
    propensity: float = Field(description="P(ranked first) over all draws of chance.")
    p_correct: float
    expected_gain: float = Field(description="Expected rise of P(mastered) from doing it once.")
    reasons: list[Reason]
    would_change: str


class Blocked(BaseModel):
    """A skill that waits for a prerequisite."""

    skill: str
    waits_for: str
    p_mastery: float
    text: str


class Decided(BaseModel):
    """What a stored decision rests on."""

    id: str
    decided_at: datetime
    model: str
    policy: str
    curriculum_revision: int
    inputs_hash: str = Field(description="SHA-256 of everything it was decided from.")


class GoalStanding(BaseModel):
    """How far a goal has come; one whose deadline has passed is `overdue`, and still counts."""

    goal: str
    target: str = Field(description="The skill or objective it aims at.")
    status: Literal["open", "met", "overdue", "gone"]
    left: list[str] = Field(description="Skills on the way to it that are not secure yet.")
    deadline: datetime | None
    weight: float


class Recommendation(Decided):
    """A recommendation, as it was decided and stored."""

    student: str
    request: RecommendationRequest
    status: Status
    candidates: list[Candidate]
    blocked: list[Blocked]
    ready_to_assess: list[str]
    reasons: list[Reason]
    overrides: list[str] = Field(description="The ids of the overrides in force.")
    goals: list[GoalStanding] = Field(description="How far each of the student's goals has come.")
