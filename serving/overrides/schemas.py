"""An override as a caller says it, as it is kept, what it would change and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..facts.schemas import Kept, Level, UserName
from ..fields import Flag, Id, Instant, Sent, Text, Whole

Kind = Literal["pin", "exclude", "set_state", "move", "skip_prerequisite"]


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValueError("a reason in words, for whoever reads it later")
    return reason.strip()


HOLDS = timedelta(weeks=4)
"""How long an override holds where nothing else is said: none stays because it was forgotten."""


class OverrideRequest(Sent):
    """What a teacher says against the model, of whom, why and until when.

    `pin`: the activity, or the best one on the skill, comes first until it is done. `exclude`: it
    is not served. `set_state`: the skill counts as secure, or as not secure. `move`: the student
    sits in this tier of the objective, or in this `group` of a `grouping` made before (mixed,
    pairs, manual). `skip_prerequisite`: the skill does not wait for the
    prerequisite, or for any.
    """

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "kind": "set_state",
                    "student": "ana",
                    "skill": "ratios",
                    "state": "secure",
                    "reason": "Explained it to the class",
                    "dry_run": True,
                }
            ]
        },
    )
    id: Id | None = Field(None, description="Your own id: saying it again changes nothing.")
    kind: Kind
    student: Id | None = Field(None, description="Of whom it is said; or else `class`.")
    class_: Id | None = Field(None, alias="class", description="Of everybody in this class.")
    activity: Id | None = None
    skill: Id | None = None
    state: Literal["secure", "not_secure"] | None = None
    objective: Id | None = None
    tier: Level | None = None
    prerequisite: Id | None = None
    grouping: Id | None = Field(None, description="Where a `move` is within its groups.")
    group: Whole | None = Field(None, ge=0, description="The group's number to move to.")
    reason: Annotated[Text, AfterValidator(_said)] = Field(min_length=1)
    by: UserName = Field("", description="Who says so, where a platform speaks for somebody.")
    expires_at: Instant | None = Field(None, description="Until when; four weeks if absent.")
    dry_run: Flag = Field(False, description="Only say what it would change.")

    def said(self, *, id: str, by: str, now: datetime) -> dict[str, Any]:
        """The override as a fact, with an expiry in any case."""
        body = self.model_dump(mode="json", by_alias=True, exclude={"id", "dry_run"})
        expires = self.expires_at or now + HOLDS
        return {
            **body,
            "id": id,
            "by": by,
            "said_at": now.isoformat(),
            "expires_at": expires.isoformat(),
            "done": [],
        }


class StoredOverride(Kept):
    """An override as it was said."""

    id: str
    kind: Kind
    student: str | None
    class_: str | None = Field(alias="class")
    activity: str | None
    skill: str | None
    state: Literal["secure", "not_secure"] | None
    objective: str | None
    tier: Level | None
    prerequisite: str | None
    grouping: str | None
    group: int | None
    done: list[str] = Field(description="Students who have done what was pinned.")
    reason: str
    by: str
    said_at: datetime
    expires_at: datetime


class SaidOverride(StoredOverride):
    """An override that was just said."""

    displaces: list[str] = Field(description="Older overrides that this one contradicts.")


class Effect(BaseModel):
    """What has happened since an override was said, on the skills it is about."""

    answers: int
    right: float | None = Field(description="The share right; null without answers.")
    expected: float | None = Field(description="The share that the model expected of them.")
    p_mastery_before: float | None = Field(description="The model's mean estimate back then.")
    p_mastery_now: float | None
    done: bool | None = Field(description="For a pin: whether it was followed.")


class OverrideReport(StoredOverride):
    """An override with what came of it."""

    status: Literal["in_force", "displaced", "expired"]
    displaced_by: str | None = Field(description="The newer override that holds instead.")
    effect: Effect | None = Field(description="Null while there is no model.")


class Before(BaseModel):
    """Something as it is, and as it would be."""

    before: Any
    after: Any


class StateChange(Before):
    """The word for where a student stands in a skill."""

    skill: str


class TierChange(Before):
    """Where a student sits on an objective; null: unplaced."""

    objective: str


class GroupChange(Before):
    """The number of the student's group in a grouping; null: in none. `spread` is how unlike the
    class its groups are, before and after."""

    grouping: str
    spread: Before


class Done(Sent):
    """Who has done what was pinned."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"student": "ana"}]})
    student: Id


class StudentPreview(BaseModel):
    """What would change for one student; only what differs is listed, next activities always."""

    student: str
    status: Before
    next: Before = Field(description="The activities offered, the first one first.")
    blocked: Before = Field(description="The skills that wait for a prerequisite.")
    states: list[StateChange]
    tiers: list[TierChange]
    groups: list[GroupChange]


class Preview(BaseModel):
    """What an override would change. Nothing was kept."""

    dry_run: Literal[True]
    override: dict[str, Any] = Field(description="As it would be kept.")
    displaces: list[str] = Field(description="Overrides that would no longer hold.")
    students: list[StudentPreview]
