"""A report as a JSON object, as a table and as a page: three forms of one value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..tables import csv_text
from .views import ClassReport, StudentReport
from .wording import ABOUT_STUDENTS


def student_document(report: StudentReport) -> dict[str, Any]:
    """A student's report as a JSON object."""
    found = asdict(report)
    found["as_of"] = report.as_of.isoformat()
    for skill in found["skills"]:
        del skill["to_student"]
        skill["last_at"] = _when(skill["last_at"])
    return found


def student_table(report: StudentReport) -> str:
    """A student's report as CSV: a row for each skill."""
    heads = ("student", "skill", "name", "state", "words", "n", "last_at")
    return csv_text(
        heads,
        (
            (report.student, one.skill, one.name, one.state, one.words, one.n, _when(one.last_at))
            for one in report.skills
        ),
    )


def class_document(report: ClassReport) -> dict[str, Any]:
    """A class's report as a JSON object."""
    found = asdict(report)
    found["class"] = found.pop("class_id")
    found["as_of"] = report.as_of.isoformat()
    for student in found["students"]:
        student["last_at"] = _when(student["last_at"])
    return found


def class_table(report: ClassReport) -> str:
    """A class's report as CSV: a row for each student, with how many skills are in each state."""
    return csv_text(("student", "name", "answers", "last_at", *ABOUT_STUDENTS), _rows(report))


def _rows(report: ClassReport) -> Iterator[tuple[object, ...]]:
    for one in report.students:
        counts = (one.states[state] for state in ABOUT_STUDENTS)
        yield (one.student, one.name, one.answers, _when(one.last_at), *counts)


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
