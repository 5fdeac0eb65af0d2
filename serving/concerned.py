"""Whose goals and overrides a caller may see and set: those about the people they reach."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query

from data.store import Principal
from engine.errors import NotFound

from .context import Context
from .fields import Id
from .reach import WHOLE, reach, require_student, visible_class, visible_students

ONE: Mapping[str, str] = MappingProxyType(
    {
        "goals": "goal",
        "overrides": "override",
        "help": "request for help",
        "workshops": "workshop",
    }
)
"""Kinds of what people say about others, and what one of each is called."""


class Subject(NamedTuple):
    """Whom a list is about: a student, a class, or anybody."""

    student: str | None
    class_id: str | None


def _subject(
    student: Annotated[Id | None, Query(description="Only this student's own.")] = None,
    of_class: Annotated[
        Id | None, Query(alias="class", description="Only those of this class.")
    ] = None,
) -> Subject:
    return Subject(student, of_class)


Whom = Annotated[Subject, Depends(_subject)]
"""The type of an endpoint's parameter that receives whom a list is about."""


def require_concern(context: Context, caller: Principal, about: Mapping[str, Any]) -> None:
    """Raises `NotFound` for a student or class, named by a goal or an override, that does not
    exist or is not the caller's."""
    if about.get("student") is not None:
        require_student(context, caller, about["student"])
    if about.get("class") is not None:
        visible_class(context, caller, about["class"])


def may_see(context: Context, caller: Principal, about: Mapping[str, Any]) -> bool:
    """Whether a goal or an override is about somebody whom the caller reaches, or about a class
    that somebody whom they reach sits in.

    Who speaks for the whole tenant sees all, those about students who have left included.
    """
    if reach(caller) in WHOLE:
        return True
    reached = visible_students(context, caller) or frozenset()
    if about["student"] is not None:
        return about["student"] in reached
    found = context.store.get(caller.tenant, "classes", about["class"])
    return found is not None and not reached.isdisjoint(found["students"])


def known(context: Context, caller: Principal, kind: str, id: str) -> dict[str, Any] | None:
    """What is kept under the id; None for nothing. Raises `NotFound` for what is not the caller's
    to see."""
    found = context.store.get(caller.tenant, kind, id)
    if found is not None and not may_see(context, caller, found):
        raise NotFound(ONE[kind], id)
    return found


def visible(context: Context, caller: Principal, kind: str, id: str) -> dict[str, Any]:
    """What is kept under the id. Raises `NotFound` where nothing is, or nothing of the caller's."""
    found = known(context, caller, kind, id)
    if found is None:
        raise NotFound(ONE[kind], id)
    return found


def drop(
    context: Context,
    caller: Principal,
    kind: str,
    id: str,
    *,
    expected: int | None = None,
) -> None:
    """It counts no more; what it was stays in its history. `expected` as in `Store.delete`."""
    now, author = context.clock(), speaker(caller)
    context.store.delete(caller.tenant, kind, id, now=now, author=author, expected=expected)


def paged(
    context: Context,
    caller: Principal,
    kind: str,
    whom: Subject,
    *,
    after: str | None,
    limit: int,
) -> dict[str, Any]:
    """A page of goals or overrides: those of a student or class, or any that the caller sees."""
    store, (student, class_id) = context.store, whom
    if student is None and class_id is None:
        found = store.list(caller.tenant, kind, after=after, limit=limit + 1)
    else:
        require_concern(context, caller, {"student": student, "class": class_id})
        both = student is not None and class_id is not None  # nothing is about both
        about = {"student": student} if student is not None else {"class_id": class_id}
        found = [] if both else store.about(caller.tenant, kind, **about)
        found = [fact for fact in found if after is None or fact["id"] > after]
    following = found[limit - 1]["id"] if len(found) > limit else None
    return {"results": _seen(context, caller, found[:limit]), "next": following}


def speaker(caller: Principal, on_behalf: str = "") -> str:
    """Who says it: the caller, or whom a platform or an admin says it for."""
    said = on_behalf if reach(caller) in WHOLE else ""
    return said or caller.user or str(caller.role)


def _seen(context: Context, caller: Principal, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are the caller's to see, each student and class asked about once."""
    seen: dict[tuple[str | None, str | None], bool] = {}
    for fact in found:
        whom = fact["student"], fact["class"]
        if whom not in seen:
            seen[whom] = may_see(context, caller, fact)
    return [fact for fact in found if seen[fact["student"], fact["class"]]]
