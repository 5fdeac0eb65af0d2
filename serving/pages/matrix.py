"""The table of students × skills: who has mastered what, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.beliefs import SkillBelief
from engine.curriculum import Curriculum

from ..answers import ClassMastery, StudentMastery
from .needs import Need
from .rendering import address
from .shown import Shown, shown, skill_name
from .words import TIERS

ORDERS = {"need": "who needs most", "name": "name"}
URGENCY = ("support", "unplaced", "on-level", "advanced")
"""Sorted by need: who lacks the groundwork first, then who nothing is known of."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One student in one skill; `first` marks the first column of its group."""

    shown: Shown
    href: str
    first: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One student: the tier, what is needed now, and a cell for every column."""

    name: str
    href: str
    tier: str
    tier_word: str
    provisional: bool
    need: Need
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One skill, and how many of the class have it secure."""

    skill: str
    name: str
    secure: str


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns under one heading: the objective's own skills, or what they build on."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table, in the order it is printed."""

    groups: tuple[ColumnGroup, ...]
    rows: tuple[Row, ...]


def matrix(
    curriculum: Curriculum, mastery: ClassMastery, needs: Mapping[str, Need], *, order: str
) -> Matrix:
    """The table of a class on the objective of `mastery`, sorted by `order`."""
    groups = _groups(curriculum, mastery)
    columns = [(column.skill, i == 0) for group in groups for i, column in enumerate(group.columns)]
    students = sorted(mastery.students, key=lambda student: _key(student, needs, order))
    rows = tuple(_row(mastery, student, needs[student.student], columns) for student in students)
    return Matrix(groups, rows)


def display_name(student: StudentMastery) -> str:
    """The student's name; the id where the roster has none."""
    return student.name or student.student


def _groups(curriculum: Curriculum, mastery: ClassMastery) -> tuple[ColumnGroup, ...]:
    """What the class works towards first; then what it builds on, nearest first.

    Combinations of skills have no column: there can be dozens, each with few answers. The exports
    and the student's page have them.
    """
    targets = curriculum.objectives[mastery.objective or ""].skills
    builds_on = [s for s in mastery.skills if s in curriculum.skills and s not in targets]
    parts = {"This objective": targets, "Builds on": builds_on[::-1]}
    return tuple(
        ColumnGroup(title, tuple(_column(curriculum, mastery, skill) for skill in skills))
        for title, skills in parts.items()
        if skills
    )


def _column(curriculum: Curriculum, mastery: ClassMastery, skill: str) -> Column:
    beliefs = [student.skills[skill] for student in mastery.students]
    return Column(
        skill, skill_name(curriculum, skill), f"{_secure(beliefs)} of {len(beliefs)} secure"
    )


def _secure(beliefs: Iterable[SkillBelief]) -> int:
    return sum(belief.state == "secure" for belief in beliefs)


def _key(
    student: StudentMastery, needs: Mapping[str, Need], order: str
) -> tuple[float, float, str]:
    name = display_name(student).casefold()
    if order == "name":
        return 0.0, 0.0, name
    need = needs[student.student]
    return float(URGENCY.index(need.tier)), -need.urgency, name


def _row(
    mastery: ClassMastery, student: StudentMastery, need: Need, columns: Sequence[tuple[str, bool]]
) -> Row:
    place = ("classes", mastery.class_id, "students", student.student)
    return Row(
        name=display_name(student),
        href=address(*place, objective=mastery.objective),
        tier=need.tier,
        tier_word=TIERS[need.tier],
        provisional=need.provisional,
        need=need,
        cells=tuple(
            Cell(
                shown=shown(student.skills[skill]),
                href=address(*place, skill=skill, objective=mastery.objective),
                first=first,
            )
            for skill, first in columns
        ),
    )
