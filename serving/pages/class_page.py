"""A class on an objective: who needs what now, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.curriculum import Curriculum
from engine.policy import Recommendation
from engine.tiers import Grouping

from ..answers import ClassMastery, StudentMastery
from .charts import Bar, bar
from .groups import TierCard, tier_cards
from .matrix import ORDERS, Matrix, display_name, matrix
from .needs import needs
from .rendering import address
from .shown import objective_name, skill_name
from .words import count

SAMPLE = bar(0.7, 0.45, 0.88)  # the bar in the legend


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: an objective, a sort order."""

    id: str
    name: str
    chosen: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """The objective that the page is about: its own skills, and those they build on."""

    name: str
    skills: tuple[str, ...]
    builds_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """A student who has asked for help."""

    name: str
    href: str
    message: str


@dataclass(frozen=True, slots=True)
class ClassPage:
    """The page of a class. Without a model, an objective or students it says so instead."""

    name: str
    href: str
    students: str
    choices: tuple[Choice, ...]
    objective: ObjectiveLine | None = None
    no_model: bool = False
    no_objective: bool = False
    tiers: tuple[TierCard, ...] = ()
    matrix: Matrix | None = None
    orders: tuple[Choice, ...] = ()
    csv: str = ""
    json: str = ""
    source: str = ""
    sample: Bar = SAMPLE
    doors: tuple[Choice, ...] = ()
    help: tuple[Caller, ...] = ()


def bare_page(
    class_: Mapping[str, Any], curriculum: Curriculum, *, objective: str | None, no_model: bool
) -> ClassPage:
    """The page of a class of which nothing can be said yet: no model, objective or students."""
    return ClassPage(
        name=class_.get("name") or class_["id"],
        href=address("classes", class_["id"]),
        students=count(len(class_["students"]), "student"),
        choices=choices(curriculum, objective),
        no_model=no_model,
        no_objective=not curriculum.objectives,
    )


def class_page(
    curriculum: Curriculum,
    mastery: ClassMastery,
    grouping: Grouping,
    following: Mapping[str, Recommendation],
    *,
    order: str,
    source: str,
) -> ClassPage:
    """The whole page, from what is believed, who is grouped where, and what is next for each."""
    objective = mastery.objective or ""
    needed = needs(curriculum, grouping, following)
    twin = ("v1", "classes", mastery.class_id, "mastery")
    return ClassPage(
        name=mastery.name or mastery.class_id,
        href=address("classes", mastery.class_id),
        students=count(len(mastery.students), "student"),
        choices=choices(curriculum, objective),
        objective=_line(curriculum, objective),
        tiers=tier_cards(curriculum, grouping, needed, _people(mastery)),
        matrix=matrix(curriculum, mastery, needed, order=order),
        orders=_orders(mastery, order),
        csv=address(*twin, objective=objective, format="csv"),
        json=address(*twin, objective=objective, format="json"),
        source=source,
        doors=_doors(mastery.class_id, objective),
    )


def _doors(class_id: str, objective: str) -> tuple[Choice, ...]:
    """Where a teacher goes from here: groups, a lesson, an approach, a report to print."""
    rooms = {
        "groups": "Form groups",
        "plan": "Plan a lesson",
        "approach": "Choose an approach",
        "report": "Report",
    }
    return tuple(
        Choice(key, name, chosen=False, href=address("classes", class_id, key, objective=objective))
        for key, name in rooms.items()
    )


def choices(curriculum: Curriculum, chosen: str | None) -> tuple[Choice, ...]:
    """The objectives there are, in course order."""
    return tuple(
        Choice(key, objective_name(curriculum, key), key == chosen) for key in curriculum.objectives
    )


def _people(mastery: ClassMastery) -> dict[str, tuple[str, str]]:
    return {
        one.student: (display_name(one), student_address(mastery, one)) for one in mastery.students
    }


def student_address(mastery: ClassMastery, student: StudentMastery) -> str:
    """Where the page of one student of a class is."""
    place = ("classes", mastery.class_id, "students", student.student)
    return address(*place, objective=mastery.objective)


def _line(curriculum: Curriculum, objective: str) -> ObjectiveLine:
    targets = curriculum.objectives[objective].skills
    before = [skill for skill in curriculum.scope(objective) if skill not in targets]
    return ObjectiveLine(
        name=objective_name(curriculum, objective),
        skills=tuple(skill_name(curriculum, skill) for skill in targets),
        builds_on=tuple(skill_name(curriculum, skill) for skill in before),
    )


def _orders(mastery: ClassMastery, order: str) -> tuple[Choice, ...]:
    def href(key: str) -> str:
        place = ("classes", mastery.class_id)
        return address(*place, objective=mastery.objective, sort=key) + "#matrix-title"

    return tuple(Choice(key, name, key == order, href(key)) for key, name in ORDERS.items())
