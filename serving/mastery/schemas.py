"""Beliefs as they are given out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Evidence = Literal["none", "thin", "some", "strong"]
State = Literal["unseen", "not_enough_evidence", "emerging", "developing", "secure", "review_due"]


class SkillMastery(BaseModel):
    """What is believed of a student in one skill."""

    skill: str
    p_mastery: float = Field(description="P(mastered) given every answer up to `as_of`.")
    low: float = Field(description="Lower end of the 90 % interval of `p_mastery`.")
    high: float = Field(description="Upper end of the 90 % interval of `p_mastery`.")
    n: int = Field(description="How many answers it rests on.")
    evidence: Evidence
    state: State
    p_correct: float = Field(description="P(the next answer is right).")
    last_at: datetime | None
    review_due: datetime | None = Field(
        description="When a secure skill will have faded below the bar; null: the model has no "
        "clock to forget by, or it never fades so far."
    )
    model: str = Field(description="Version of the model that believes this.")
    pooled: bool = Field(
        description="The model never saw this skill: the average skill stands in for it."
    )
    p_now: float | None = Field(
        description="P(mastered) at `as_of` with what was forgotten by then; null without a clock."
    )
    override: str | None = Field(
        description="The teacher's override that `state` comes from; the estimate is the model's."
    )
    model_state: State | None = Field(description="With an override: the model's own word.")


class StudentMastery(BaseModel):
    """What is believed of one student."""

    student: str
    name: str
    as_of: datetime
    model: str
    skills: list[SkillMastery]


class ClassMastery(BaseModel):
    """What is believed of every student of a class."""

    class_: str = Field(alias="class")
    name: str
    objective: str | None
    as_of: datetime
    model: str
    skills: list[str] = Field(description="The skills every student is listed with, in order.")
    students: list[StudentMastery]
