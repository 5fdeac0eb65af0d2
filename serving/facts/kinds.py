"""The kinds of facts: what each looks like, who may touch it, and who sees which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.store import Principal

from ..context import Context
from ..reach import Facts, reach, visible_classes, visible_students
from ..roles import Action, Reach
from . import schemas

Sees = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact, as its four routes need to know it."""

    plural: str
    one: str
    body: type[schemas.Put]
    stored: type[schemas.Kept]
    read: Action
    write: Action


def _curriculum(plural: str, one: str, body: type[schemas.Put], stored: type[schemas.Kept]) -> Kind:
    return Kind(plural, one, body, stored, Action.READ_CURRICULUM, Action.WRITE_CURRICULUM)


KINDS = (
    _curriculum("skills", "skill", schemas.Skill, schemas.StoredSkill),
    _curriculum("objectives", "objective", schemas.Objective, schemas.StoredObjective),
    _curriculum("items", "item", schemas.Item, schemas.StoredItem),
    _curriculum("activities", "activity", schemas.Activity, schemas.StoredActivity),
    Kind(
        "students",
        "student",
        schemas.Student,
        schemas.StoredStudent,
        Action.READ_STUDENTS,
        Action.WRITE_ROSTER,
    ),
    Kind(
        "classes",
        "class",
        schemas.Class,
        schemas.StoredClass,
        Action.READ_ROSTER,
        Action.WRITE_ROSTER,
    ),
)


def sight(context: Context, caller: Principal, kind: Kind) -> Sees:
    """Which facts of a kind the caller sees: the whole curriculum; of the roster, their own."""
    if kind.read is Action.READ_CURRICULUM or reach(caller) is Reach.ALL:
        return lambda _fact: True
    if kind.plural == "classes":
        ids = {class_["id"] for class_ in visible_classes(context, caller)}
    else:
        ids = set(visible_students(context, caller) or ())
    return lambda fact: fact["id"] in ids
