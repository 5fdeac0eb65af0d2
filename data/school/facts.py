"""The school as the store takes it in: plain values by kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from .simulation import School


def school_facts(school: School) -> dict[str, list[dict[str, Any]]]:
    """What the store keeps about the school, by kind: lists of plain values with an `id` each.

    The kinds: skills, objectives, items, activities, students, classes.

    >>> from data.mathematics import middle_school_mathematics
    >>> from data.school import simulate_school
    >>> school = simulate_school(middle_school_mathematics(), seed=1, classes=1,
    ...                          students_per_class=2, weeks=1)
    >>> school_facts(school)["classes"]
    [{'id': '7a', 'name': '7A — Ms Okafor', 'teacher': 'Ms Okafor', 'students': ['s001', 's002']}]
    """
    curriculum = school.curriculum
    kinds: dict[str, Iterable[Any]] = {
        "skills": curriculum.skills.values(),
        "objectives": curriculum.objectives.values(),
        "items": curriculum.items.values(),
        "activities": curriculum.activities.values(),
        "classes": school.classes,
    }
    facts = {kind: [_plain(asdict(thing)) for thing in things] for kind, things in kinds.items()}
    facts["students"] = [{"id": student.id, "name": student.name} for student in school.students]
    return facts


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Lists in place of tuples, as JSON has them."""
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}
