"""Whose data a caller reaches inside their tenant, as `permissions.REACH` says for each role.

What is out of reach is answered like what does not exist: nobody can find out by asking that a
class or a student is there.
"""

from __future__ import annotations

from typing import Any

from data.store import Principal, Store
from engine.errors import NotFound

from .context import Context
from .enrolment import enrolled, teaches
from .roles import REACH, Reach

Facts = dict[str, Any]
PAGE = 500  # facts read from the store at a time
WHOLE = frozenset({Reach.ALL, Reach.PSEUDONYMS})


def visible_class(context: Context, caller: Principal, class_id: str) -> Facts:
    """The class with the students enrolled now, if it exists and is the caller's to see; else
    `NotFound`."""
    found = context.store.get(caller.tenant, "classes", class_id)
    if found is None or not _reaches(caller, found):
        raise NotFound("class", class_id)
    return _today(context, found)


def visible_classes(context: Context, caller: Principal) -> list[Facts]:
    """Every class that is the caller's to see, each with the students enrolled now."""
    if reach(caller) not in WHOLE | {Reach.CLASSES}:
        return []
    classes = everything(context.store, caller.tenant, "classes")
    return [_today(context, found) for found in classes if _reaches(caller, found)]


def require_class(context: Context, caller: Principal, class_id: str) -> None:
    """Raises `NotFound` for a class beyond the caller's reach; whether it exists is another
    question, which whoever reaches everything may ask."""
    if reach(caller) not in WHOLE:
        visible_class(context, caller, class_id)


def require_student(context: Context, caller: Principal, student_id: str) -> None:
    """Raises `NotFound` unless the student is known and the caller's to see."""
    require_reach(context, caller, student_id)
    if not context.store.known_student(caller.tenant, student_id):
        raise NotFound("student", student_id)


def require_reach(context: Context, caller: Principal, student_id: str) -> None:
    """Raises `NotFound` for a student beyond the caller's reach, known or not."""
    if not reaches_student(context, caller, student_id):
        raise NotFound("student", student_id)


def reaches_student(context: Context, caller: Principal, student_id: str) -> bool:
    """Whether a student would be the caller's to see, if there is such a student."""
    match reach(caller):
        case Reach.ALL | Reach.PSEUDONYMS:
            return True
        case Reach.CLASSES:
            return any(
                _reaches(caller, found) and student_id in found["students"]
                for found in _classes_of(context, caller, student_id)
            )
        case Reach.SELF:
            return caller.user == student_id
        case Reach.CHILDREN:
            return student_id in children(context, caller)
    return False


def visible_students(context: Context, caller: Principal) -> frozenset[str] | None:
    """The ids of the students that the caller reaches; None for every one there is."""
    match reach(caller):
        case Reach.ALL | Reach.PSEUDONYMS:
            return None
        case Reach.CLASSES:
            own = visible_classes(context, caller)
            return frozenset(student for found in own for student in found["students"])
        case Reach.SELF:
            return frozenset({caller.user} if caller.user else ())
        case Reach.CHILDREN:
            return frozenset(children(context, caller))
    return frozenset()


def children(context: Context, caller: Principal) -> list[str]:
    """The students whose `family` names the caller."""
    return context.store.children(caller.tenant, caller.user) if caller.user else []


def reach(caller: Principal) -> Reach | None:
    """The reach of the caller's role; None, which is nothing, for a role that nobody listed."""
    return REACH.get(caller.role)


def everything(store: Store, tenant: str, kind: str) -> list[Facts]:
    """All facts of a kind, page after page."""
    found: list[Facts] = []
    while page := store.list(tenant, kind, after=found[-1]["id"] if found else None, limit=PAGE):
        found.extend(page)
        if len(page) < PAGE:
            break
    return found


def _classes_of(context: Context, caller: Principal, student: str) -> list[Facts]:
    ids = context.store.classes_of(caller.tenant, student)
    found = context.store.get_many(caller.tenant, "classes", ids)
    return [_today(context, class_) for class_ in found.values()]


def _today(context: Context, class_: Facts) -> Facts:
    """The class with the students enrolled today."""
    return {**class_, "students": enrolled(class_, context.clock().date())}


def _reaches(caller: Principal, class_: Facts) -> bool:
    """A teacher reaches their own classes; who reaches everybody, every class; others none."""
    found = reach(caller)
    if found is Reach.CLASSES:
        return teaches(class_, caller.user)
    return found in WHOLE
