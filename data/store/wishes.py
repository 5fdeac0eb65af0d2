"""What people want for a student: goals and overrides as facts, and whom each is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine.curriculum import Curriculum
from engine.errors import Fault, InvalidInput
from engine.goals import Goal, goals_of
from engine.overrides import Override
from engine.workshops import Workshop

from .bodies import Body
from .fact_rows import Bodies
from .lookups import IDS, among, among_bound, listed
from .schema import concerns, enrolments, fact_history, facts


class Wishes(NamedTuple):
    """The overrides and goals of one student and of the classes they sit in, expired ones too, and
    the workshops of those classes.

    `versions`: the kind, id and version of the fact that states each, for the record.
    """

    overrides: tuple[Override, ...] = ()
    goals: tuple[Goal, ...] = ()
    classes: frozenset[str] = frozenset()
    versions: tuple[tuple[str, str, int], ...] = ()
    workshops: tuple[Workshop, ...] = ()


def goal_of(id: str, body: Body) -> Goal:
    """The goal that a fact states."""
    return Goal(
        id=id,
        skill=body["skill"],
        objective=body["objective"],
        student=body["student"],
        class_id=body["class"],
        deadline=_instant(body["deadline"]),
        weight=body["weight"],
        by=body["by"],
    )


def override_of(id: str, body: Body) -> Override:
    """The override that a fact states."""
    said = {name: body[name] for name in OVERRIDE_FIELDS}
    return Override(
        id=id,
        class_id=body["class"],
        said_at=datetime.fromisoformat(body["said_at"]),
        expires_at=datetime.fromisoformat(body["expires_at"]),
        grouping=body.get("grouping"),  # what was kept before there were such moves says nothing
        group=body.get("group"),
        done=tuple(body.get("done", ())),
        **said,
    )


def workshop_of(id: str, body: Body) -> Workshop:
    """The workshop that a fact states."""
    return Workshop(
        id=id,
        class_id=body["class"],
        activity=body["activity"],
        starts_at=datetime.fromisoformat(body["starts_at"]),
        ends_at=datetime.fromisoformat(body["ends_at"]),
        seats=body["seats"],
    )


OVERRIDE_FIELDS = (
    "kind",
    "student",
    "activity",
    "skill",
    "state",
    "objective",
    "tier",
    "prerequisite",
    "reason",
    "by",
)


MADE: tuple[tuple[str, Callable[[str, Body], Goal | Override | Workshop]], ...] = (
    ("goals", goal_of),
    ("overrides", override_of),
    ("workshops", workshop_of),
)


def check_wishes(bodies: Mapping[str, Bodies], curriculum: Curriculum) -> None:
    """Raises `InvalidInput` for goals, overrides and workshops that cannot be meant, naming every
    fault."""
    faults: list[Fault] = []
    for kind, made in MADE:
        for id, body in bodies.get(kind, {}).items():
            try:
                made(id, body).checked(curriculum)
            except InvalidInput as error:
                place = f"{kind} {id}, "
                faults.extend(f._replace(place=place + f.place) for f in error.faults)
    if faults:
        raise InvalidInput(faults)


def put_concerns(connection: Connection, tenant: str, kind: str, bodies: Bodies) -> None:
    """Whom each goal or override is about can be looked up.

    Raises `InvalidInput` for one that was about somebody else: its history would be of two people.
    """
    rows = [
        {"tenant": tenant, "kind": kind, "id": id, **_whom(body)} for id, body in bodies.items()
    ]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(concerns).on_conflict_do_nothing(), rows)
    kept = select(concerns).where(
        concerns.c.tenant == tenant,
        concerns.c.kind == kind,
        among(connection, concerns.c.id, list(bodies)),
    )
    before = {row.id: row for row in connection.execute(kept)}
    faults = [
        Fault(f"{kind} {row['id']}, {old.whom}", row["subject"], f"{old.subject}, as before")
        for row in rows
        if (old := before[row["id"]]).subject != row["subject"] or old.whom != row["whom"]
    ]
    if faults:
        raise InvalidInput(faults)


def wishes_of(
    connection: Connection,
    tenant: str,
    students: Sequence[str],
    as_of: int | None,
) -> dict[str, Wishes]:
    """The wishes for each student, as they stood at a moment; as they stand without one."""
    seated = _seated(connection.dialect.name)
    bound = {"tenant": tenant, IDS: listed(connection, students)}
    classes: dict[str, set[str]] = {student: set() for student in students}
    for student, class_id in connection.execute(seated, bound):
        classes[student].add(class_id)
    subjects = sorted({*students, *(c for some in classes.values() for c in some)})
    said = list(_said(connection, tenant, subjects, as_of))
    overrides = [override_of(row.id, row.body) for row in said if row.kind == "overrides"]
    goals = [goal_of(row.id, row.body) for row in said if row.kind == "goals"]
    workshops = [workshop_of(row.id, row.body) for row in said if row.kind == "workshops"]
    return {
        student: Wishes(
            tuple(o for o in overrides if o.student == student or o.class_id in classes[student]),
            tuple(goals_of(goals, student, classes[student])),
            frozenset(classes[student]),
            tuple((r.kind, r.id, r.version) for r in said if _is_about(r, student, classes)),
            tuple(one for one in workshops if one.class_id in classes[student]),
        )
        for student in students
    }


def _is_about(row: Row[Any], student: str, classes: Mapping[str, set[str]]) -> bool:
    return row.body["student"] == student or row.body["class"] in classes[student]


def concerning(
    connection: Connection, tenant: str, kind: str, whom: str, subjects: Sequence[str]
) -> list[str]:
    """The ids of the facts of a kind about students or classes, deleted ones too."""
    query = select(concerns.c.id).where(
        concerns.c.tenant == tenant,
        among(connection, concerns.c.subject, subjects),
        concerns.c.kind == kind,
        concerns.c.whom == whom,
    )
    return list(connection.scalars(query.order_by(concerns.c.id)))


def _said(
    connection: Connection, tenant: str, subjects: Sequence[str], as_of: int | None
) -> Iterator[Row[Any]]:
    dialect, bound = connection.dialect.name, {"tenant": tenant, IDS: listed(connection, subjects)}
    if as_of is None:
        yield from list[Row[Any]](connection.execute(_said_now(dialect), bound))
        return
    then = connection.execute(_said_then(dialect), {**bound, "as_of": as_of})
    newest = {(row.kind, row.id): row for row in then}
    for row in newest.values():
        if not row.deleted:
            yield row


@lru_cache
def _seated(dialect: str) -> Select[Any]:
    """Built once: putting a statement together takes longer than a small one runs."""
    return select(enrolments.c.student, enrolments.c.class_id).where(
        enrolments.c.tenant == bindparam("tenant"), among_bound(dialect, enrolments.c.student)
    )


@lru_cache
def _said_now(dialect: str) -> Select[Any]:
    """What is said of these subjects now."""
    return (
        select(facts.c.kind, facts.c.id, facts.c.version, facts.c.body)
        .join_from(concerns, facts, _is_of(facts))
        .where(_about(dialect), ~facts.c.deleted)
        .order_by(concerns.c.kind, concerns.c.id)
    )


@lru_cache
def _said_then(dialect: str) -> Select[Any]:
    """Every version, up to a moment, of what was said of these subjects, the newest last."""
    return (
        select(fact_history)
        .join_from(concerns, fact_history, _is_of(fact_history))
        .where(_about(dialect), fact_history.c.written_at <= bindparam("as_of"))
        .order_by(concerns.c.kind, concerns.c.id, fact_history.c.version)
    )


def _is_of(table: Table) -> ColumnElement[bool]:
    return and_(*(table.c[name] == concerns.c[name] for name in ("tenant", "kind", "id")))


def _about(dialect: str) -> ColumnElement[bool]:
    return and_(
        concerns.c.tenant == bindparam("tenant"),
        among_bound(dialect, concerns.c.subject),
        concerns.c.kind.in_(("goals", "overrides", "workshops")),
    )


def _whom(body: Body) -> dict[str, str]:
    if body["student"] is not None:
        return {"whom": "student", "subject": body["student"]}
    return {"whom": "class", "subject": body["class"]}


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
