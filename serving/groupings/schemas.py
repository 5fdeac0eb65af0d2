"""How a class is to be grouped, the groups, and what a teacher changes about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.seat_wishes import SeatWishes

from ..facts.schemas import Ids, Kept
from ..fields import Id, Sent, Text, Whole
from ..recommendations.schemas import Decided, Reason

MOST_GROUPS = 1000
MOST_WISHES = 200
LARGEST_SEED = 2**31 - 1
Kind = Literal["need", "mixed", "pairs", "manual"]
OF_SIZE: dict[str, frozenset[str]] = {
    "need": frozenset(),
    "mixed": frozenset({"groups", "size", "apart", "together", "locked", "seed"}),
    "pairs": frozenset({"apart", "together", "locked", "seed"}),
    "manual": frozenset({"members"}),
}
"""Kind → the fields that mean something for it."""
Sets = Annotated[tuple[Ids, ...], Field(max_length=MOST_WISHES)]


class GroupingRequest(Sent):
    """The objective the class works on, and the kind of groups.

    `need`: by tiers. `mixed`: every group like the class. `pairs`: who can help each other.
    `manual`: as named in `members`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"objective": "ratios-and-rates", "kind": "need"},
                {"objective": "ratios-and-rates", "kind": "mixed", "size": 4},
            ]
        }
    )
    objective: Id
    kind: Kind = "need"
    groups: Whole | None = Field(None, ge=1, le=MOST_GROUPS, description="How many groups.")
    size: Whole | None = Field(None, ge=1, le=MOST_GROUPS, description="Or how large; 4 if absent.")
    apart: Sets = Field((), description="Students who must not share a group, each from each.")
    together: Sets = Field((), description="Students who must share one.")
    locked: dict[Id, Whole] = Field({}, description="Student → number of the group to sit in.")
    members: Sets = Field((), description="For `manual`: the students of each group.")
    seed: Whole = Field(0, ge=0, le=LARGEST_SEED, description="Another seed, other groups.")

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Self:
        """A field that the kind has no use for is refused, not ignored."""
        said = self.model_fields_set - {"objective", "kind"}
        unused = sorted(said - OF_SIZE[self.kind])
        if unused:
            usable = ", ".join(sorted(OF_SIZE[self.kind])) or "objective and kind alone"
            raise ValueError(f"no {', '.join(unused)} with kind {self.kind}; it takes {usable}")
        if self.groups is not None and self.size is not None:
            raise ValueError("`groups` or `size`, not both")
        return self

    def wishes(self) -> SeatWishes:
        """The wishes as the engine knows them."""
        return SeatWishes(self.apart, self.together, dict(self.locked))


class SeatedStudent(BaseModel):
    """A student in a group, with the probability of each tier: support, on-level, advanced."""

    student: str
    probabilities: tuple[float, float, float]
    reasons: list[Reason]
    provisional: bool = Field(description="Seated for want of evidence, or against the odds.")
    diagnostic: str | None = Field(description="The activity that would tell most.")
    locked: bool = Field(description="A change has to unlock the student first.")


class UnplacedStudent(BaseModel):
    """A student in no group: of whom nothing is known, or who was not named."""

    student: str
    reasons: list[Reason]
    diagnostic: str | None


class Group(BaseModel):
    """A group: who is in it, what they need most, and activities by modality."""

    number: int
    tier: Literal["support", "on-level", "advanced"] | None
    students: list[SeatedStudent]
    focus: list[str]
    activities: dict[str, list[str]]


class Quality(BaseModel):
    """How good the groups are, beside groups of the same sizes drawn at random."""

    smallest: int
    largest: int
    spread: float = Field(description="Mean squared distance of a group from the class, in sd².")
    random_spread: float
    coverage: float = Field(description="Share of (group, target) with somebody who holds it.")
    random_coverage: float
    repeats: int = Field(description="Pairs that shared a group before.")


class Visit(BaseModel):
    """Where the teacher's time does most good, the greatest gain first."""

    group: int
    skill: str
    gain: float


class Unmet(BaseModel):
    """A wish that could not be had, and why."""

    wish: Literal["apart", "together"]
    students: list[str]
    why: str


class GroupOutcome(BaseModel):
    """What became of one group: answers since, beside what the model expected of them."""

    number: int
    tier: str | None
    students: int
    answers: int
    right: float | None = Field(description="Share right; null without answers.")
    expected: float | None = Field(description="The share that the model expected.")
    held_before: float | None = Field(description="Mean P(held) over the objective's skills.")
    held_now: float | None
    newly_secure: int = Field(description="Skills of students that have become secure.")
    moved_up: int = Field(description="Students whom a review now would seat higher.")
    moved_down: int


class RecordedChange(BaseModel):
    """One thing a teacher changed, when and why."""

    at: datetime
    by: str
    what: dict[str, Any]
    reason: str


class Grouping(Decided, Kept):
    """A grouping: as it was decided, with what the teacher has changed since."""

    class_: str = Field(alias="class")
    kind: Kind
    objective: str
    status: Literal["draft", "confirmed", "ended", "expired"]
    groups: list[Group]
    unplaced: list[UnplacedStudent]
    quality: Quality
    visits: list[Visit]
    unmet: list[Unmet]
    review_by: datetime = Field(description="When it should be looked at again.")
    expires_at: datetime = Field(description="From then on it no longer stands.")
    confirmed_support: list[str] = Field(
        description="Students whose stay in support the teacher has confirmed."
    )
    changes: list[RecordedChange]
    outcome: list[GroupOutcome] = Field(description="Once it has ended; empty until then.")


class Move(Sent):
    """A student to another group, by its number; null: to no group."""

    student: Id
    to: Whole | None = Field(ge=0)


class GroupingChange(Sent):
    """What a teacher changes. All of it happens, or nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"moves": [{"student": "ana", "to": 1}], "reason": "Works well there"}]
        }
    )
    moves: Annotated[tuple[Move, ...], Field(max_length=MOST_GROUPS)] = ()
    lock: Ids = Field((), description="Students whom no later move may touch.")
    unlock: Ids = ()
    confirm_support: Ids = Field((), description="Students who are to stay in support.")
    status: Literal["confirmed", "ended"] | None = None
    reason: Text = Field("", description="Why; needed for a move between tiers.")
