"""A student's whole record, and that it was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from ..mastery.schemas import StudentMastery


class Export(BaseModel):
    """Everything that is kept about a student, and what is believed from it now."""

    format: Literal["trellis-student-1"] = Field(description="How to read this document.")
    student: str
    exported_at: datetime
    facts: dict[str, Any] = Field(
        description="The roster's entry and its earlier versions, classes, goals and overrides."
    )
    events: list[dict[str, Any]] = Field(
        description="Every event about the student, those that do not count included, oldest first."
    )
    recommendations: list[dict[str, Any]] = Field(description="As they were decided.")
    groupings: list[dict[str, Any]] = Field(description="Those parts that are about the student.")
    credentials: list[dict[str, Any]] = Field(description="That there are some; never a secret.")
    beliefs: StudentMastery | None = Field(description="Null while there is no model.")


class Erased(BaseModel):
    """That a student was erased, and since when."""

    student: str
    erased_at: datetime
    events: int = Field(description="How many events about the student are gone.")
