"""The kinds of facts: what each looks like, who may touch it, and who sees which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.store import Principal, Store

from ..answers import Facts, visible_classes
from ..permissions import Action
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


def _roster(plural: str, one: str, body: type[schemas.Put], stored: type[schemas.Kept]) -> Kind:
    return Kind(plural, one, body, stored, Action.READ_ROSTER, Action.WRITE_ROSTER)


KINDS = (
    _curriculum("skills", "skill", schemas.Skill, schemas.StoredSkill),
    _curriculum("objectives", "objective", schemas.Objective, schemas.StoredObjective),
    _curriculum("items", "item", schemas.Item, schemas.StoredItem),
    _curriculum("activities", "activity", schemas.Activity, schemas.StoredActivity),
    _roster("students", "student", schemas.Student, schemas.StoredStudent),
    _roster("classes", "class", schemas.Class, schemas.StoredClass),
)


def sight(store: Store, caller: Principal, kind: Kind) -> Sees:
    """Which facts of a kind the caller sees: a teacher their own classes and students, else all."""
    if caller.role != "teacher" or kind.read is Action.READ_CURRICULUM:
        return lambda _fact: True
    own = visible_classes(store, caller)
    if kind.plural == "classes":
        ids = {class_["id"] for class_ in own}
    else:
        ids = {student for class_ in own for student in class_["students"]}
    return lambda fact: fact["id"] in ids
