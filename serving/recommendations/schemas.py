"""What is asked for, and the decision that answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.requests import DEFAULT_CANDIDATES, MOST_CANDIDATES, Request

from ..facts.schemas import Level
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
    revisit: Id | None = Field(
        None, description="A skill worked on before, to go back to whatever its state."
    )
    minutes: Number | None = Field(None, ge=0, description="Only what takes no longer.")
    modality: Annotated[Ids, BeforeValidator(_several)] = Field(
        (), description="Only these kinds of activity, one or several; empty: every kind."
    )
    difficulty: tuple[Level, ...] = Field(
        (), max_length=3, description="Only work of these levels; empty: every level."
    )
    exclude: Ids = Field((), description="Never these activities.")
    tools: Ids | None = Field(
        None,
        description="What is at hand; null: what is said of the student or of their classes, and "
        "if nobody has said, everything.",
    )
    teacher_available: Flag = False

    def asked(self) -> Request:
        """The request as the policy reads it."""
        return Request(**self.model_dump())


class Reason(BaseModel):
    """One term of a decision: its weight, and a sentence."""

    code: str
    weight: float
    text: str


class Price(BaseModel):
    """What choosing this one costs beside the first."""

    relative: float = Field(description="Its score as a share of the best one's.")
    gain_lost: float = Field(description="How much less P(mastered) should rise.")
    text: str


class CheckReadiness(BaseModel):
    """How a check on a skill would go."""

    skill: str
    questions: int
    needed: int = Field(description="Right answers that pass it.")
    p_pass: float
    bar: float = Field(description="The P(pass) from which it is offered.")
    ready: bool
    answers_to_go: int | None = Field(
        description="Right answers in a row until it is offered; null: more than 30."
    )


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
    price: Price


class Blocked(BaseModel):
    """A skill that waits for a prerequisite; or an activity on an open one that waits for a tool
    or a seat."""

    skill: str
    waits_for: str | None = Field(description="The prerequisite or the tool; null: a seat.")
    p_mastery: float = Field(description="Of the prerequisite; of the skill, with an activity.")
    text: str
    activity: str | None = Field(None, description="What waits, if not the whole skill.")
    code: str = "waits_for"


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


class Movement(BaseModel):
    """How mastery of a skill moved, under the model in force now."""

    skill: str
    before: float
    after: float


class Outcome(BaseModel):
    """What became of a recommendation, from the answers that name it."""

    status: Literal["open", "acted_on", "expired"]
    activity: str | None = Field(description="The one that was taken.")
    rank: int | None = Field(description="Its place on the slate; null: it was not offered.")
    propensity: float | None
    predicted: float | None = Field(description="The `p_correct` that it was offered with.")
    answers: int
    right: float | None = Field(description="The share right of them.")
    first_at: datetime | None
    last_at: datetime | None
    p_mastery: Movement | None


class Standing(BaseModel):
    """How a student stands with an activity that has few seats."""

    activity: str
    workshop: str | None
    standing: Literal["seated", "full", "early", "no_gain", "none"]
    seats: int
    starts: str
    until: str


class BasisOfDecision(BaseModel):
    """Where the facts stood: enough to decide it again."""

    revision: int
    events: int = Field(description="Events of the student in the log.")
    newest: int = Field(description="The number of the last of them.")
    classes: list[str]
    wishes: list[tuple[str, str, int]] = Field(
        description="Kind, id and version of each goal, override and workshop that was set."
    )
    places: list[Standing] = Field([], description="How the student stood with few seats.")


class Difference(BaseModel):
    """A field that came out differently."""

    field: str
    stored: Any
    replayed: Any


class Replay(BaseModel):
    """A recommendation decided again from what it was decided from."""

    id: str
    identical: bool = Field(description="To the last bit.")
    differences: list[Difference]


class Recommendation(Decided):
    """A recommendation, as it was decided and stored."""

    student: str
    request: RecommendationRequest
    status: Status
    candidates: list[Candidate]
    blocked: list[Blocked]
    ready_to_assess: list[str]
    reasons: list[Reason]
    rule: Reason | None = Field(None, description="Why this rule decides: see `policy`.")
    overrides: list[str] = Field(description="The ids of the overrides in force.")
    goals: list[GoalStanding] = Field(description="How far each of the student's goals has come.")
    readiness: list[CheckReadiness] = Field(
        description="With intent `assess`: how the surest checks would go, and how far they are."
    )
    expires_at: datetime = Field(description="Until then it waits to be acted on.")
    basis: BasisOfDecision
    outcome: Outcome
