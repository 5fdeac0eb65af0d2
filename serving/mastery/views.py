"""Mastery as a JSON document and as CSV: two forms of one value."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from engine.beliefs import SkillBelief

from ..answers import ClassMastery, StudentMastery
from ..tables import csv_text

BELIEF_COLUMNS = tuple(field.name for field in fields(SkillBelief))
MOMENTS = ("last_at", "review_due")
_values = attrgetter(*BELIEF_COLUMNS)  # a class has thousands of beliefs


def student_document(mastery: StudentMastery) -> dict[str, Any]:
    """A student's mastery as a JSON object."""
    return {
        "student": mastery.student,
        "name": mastery.name,
        "as_of": mastery.as_of.isoformat(),
        "model": mastery.model,
        "skills": [_belief(belief) for belief in mastery.skills.values()],
    }


def class_document(mastery: ClassMastery) -> dict[str, Any]:
    """A class's mastery as a JSON object."""
    return {
        "class": mastery.class_id,
        "name": mastery.name,
        "objective": mastery.objective,
        "as_of": mastery.as_of.isoformat(),
        "model": mastery.model,
        "skills": list(mastery.skills),
        "students": [student_document(student) for student in mastery.students],
    }


def class_table(mastery: ClassMastery) -> str:
    """A class's mastery as CSV (RFC 4180): one row per student and skill."""
    return csv_text(
        ["student", "name", *BELIEF_COLUMNS],
        (
            [student.student, student.name, *_belief(belief).values()]
            for student in mastery.students
            for belief in student.skills.values()
        ),
    )


def _belief(belief: SkillBelief) -> dict[str, Any]:
    found = dict(zip(BELIEF_COLUMNS, _values(belief), strict=True))
    for name in MOMENTS:
        if found[name] is not None:
            found[name] = found[name].isoformat()
    return found
