"""Goals as callers put them, and as they are given back."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from engine.goals import GOAL_WEIGHT, MOST_WEIGHT

from ..facts.schemas import Kept, Put, UserName
from ..fields import Id, Instant, Number


class Goal(Put):
    """A skill or an objective that a student, or everybody in a class, is to reach.

    Whoever it is about stays: another student's goal is another goal.
    """

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [{"student": "ana", "skill": "ratios", "deadline": "2026-12-18T12:00:00Z"}]
        },
    )
    student: Id | None = Field(None, description="Whose goal it is; or else `class`.")
    class_: Id | None = Field(None, alias="class", description="For everybody in this class.")
    skill: Id | None = Field(None, description="The skill to reach; or else `objective`.")
    objective: Id | None = None
    deadline: Instant | None = Field(None, description="By when; it weighs more as this nears.")
    weight: Number = Field(
        GOAL_WEIGHT,
        gt=0,
        le=MOST_WEIGHT,
        description="How much more the skills on the way count, away from any deadline.",
    )
    by: UserName = Field(
        "", description="Who set it, where a platform speaks for somebody; else the caller."
    )


class StoredGoal(Goal, Kept):
    """A goal under its id."""
