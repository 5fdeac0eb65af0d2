"""Mastery as a JSON document and as CSV: two forms of one value."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from engine.beliefs import SkillBelief

from ..answers import ClassMastery, StudentMastery

BELIEF_COLUMNS = tuple(field.name for field in fields(SkillBelief))
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection)."""


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
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["student", "name", *BELIEF_COLUMNS])
    for student in mastery.students:
        for belief in student.skills.values():
            row = [student.student, student.name, *_belief(belief).values()]
            writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _belief(belief: SkillBelief) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(belief).items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _cell(value: object) -> object:
    """A value as a spreadsheet may hold it: an apostrophe keeps text from being a formula.

    >>> _cell("=1+1"), _cell("+49"), _cell(0.5), _cell(None), _cell(True)
    ("'=1+1", "'+49", 0.5, '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
