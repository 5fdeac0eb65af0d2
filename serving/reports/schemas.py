"""Reports as they are given out."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from ..mastery.schemas import State


class ReportedSkill(BaseModel):
    """One skill of a report."""

    skill: str
    name: str
    state: State
    words: str = Field(description="The state, as it is said to a family.")
    n: int = Field(description="How many answers it rests on.")
    last_at: datetime | None


class NextStep(BaseModel):
    """An activity that would help next."""

    activity: str
    name: str
    modality: str
    minutes: float
    with_teacher: bool
    skill: str
    skill_name: str


class StudentReport(BaseModel):
    """How a student is doing, in plain language: no tiers, no comparison with others."""

    student: str
    name: str
    as_of: datetime
    model: str
    answers: int
    summary: str
    skills: list[ReportedSkill]
    next: list[NextStep]
    silence: str = Field(description="Why there is no next step, where there is none.")
    meaning: str = Field(description="What the words mean, for whoever reads them first.")


class SkillCount(BaseModel):
    """How many students are in each state of a skill."""

    skill: str
    name: str
    states: dict[State, int]


class StudentCount(BaseModel):
    """How many skills of a student are in each state."""

    student: str
    name: str
    answers: int
    last_at: datetime | None
    states: dict[State, int]


class ClassReport(BaseModel):
    """How a class is doing."""

    class_: str = Field(alias="class")
    name: str
    objective: str | None
    as_of: datetime
    model: str
    skills: list[SkillCount]
    students: list[StudentCount]
