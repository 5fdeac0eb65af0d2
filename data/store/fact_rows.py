"""The statements behind `facts`: rows looked up, put, emptied, and the revision they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, select, update

from .instants import instant
from .lookups import among
from .schema import curricula, enrolments, fact_history, facts, guardians

Bodies = Mapping[str, Mapping[str, Any]]  # id → body


class Put(NamedTuple):
    """What a put did to a fact: the version it has now, and whether it is new."""

    version: int
    created: bool

    @property
    def revived(self) -> bool:
        """Whether it had been deleted: it takes up its old place in the order of arrival."""
        return self.created and self.version > 1


def existing(tenant: str) -> Select[Any]:
    """The query for all facts of a tenant that are not deleted."""
    return select(facts).where(facts.c.tenant == tenant, ~facts.c.deleted)


def students_named(bodies: Mapping[str, Bodies]) -> set[str]:
    """The students whom facts put anew are, or seat in a class."""
    seated = (one for body in bodies.get("classes", {}).values() for one in body["students"])
    return {*bodies.get("students", ()), *seated}


def rows_of(connection: Connection, tenant: str, kind: str, ids: Sequence[str]) -> list[Row[Any]]:
    """The rows with these ids, deleted ones included."""
    query = select(facts).where(
        facts.c.tenant == tenant, facts.c.kind == kind, among(connection, facts.c.id, ids)
    )
    return list(connection.execute(query))


def stored(key: str, body: Mapping[str, Any], version: int, moment: int) -> dict[str, Any]:
    """The fact as callers see it."""
    return {"id": key, **body, "version": version, "updated_at": instant(moment).isoformat()}


class Change(NamedTuple):
    """When facts were changed, by whom, and the revision of the curriculum that this made."""

    moment: int
    author: str = ""
    revision: int | None = None


def put_rows(
    connection: Connection, tenant: str, kind: str, bodies: Bodies, change: Change
) -> dict[str, Put]:
    """The bodies are stored, each a version further."""
    before = {row.id: row for row in rows_of(connection, tenant, kind, list(bodies))}
    added = [
        _values(tenant, kind, key, body, change.moment)
        for key, body in bodies.items()
        if key not in before
    ]
    changed = [
        {"at": before[key].sequence, "version": before[key].version + 1, "body": body}
        for key, body in bodies.items()
        if key in before
    ]
    if added:
        connection.execute(insert(facts), added)
    if changed:
        further = update(facts).where(facts.c.sequence == bindparam("at"))
        connection.execute(further.values(updated_at=change.moment, deleted=False), changed)
    if kind == "classes":
        _seat(connection, tenant, bodies)
    if kind == "students":
        _link(connection, tenant, bodies)
    done = {
        key: Put(before[key].version + 1, before[key].deleted) if key in before else Put(1, True)
        for key in bodies
    }
    said = [_past(tenant, kind, key, body, done[key].version) for key, body in bodies.items()]
    _remember(connection, said, change)
    return done


def _past(
    tenant: str, kind: str, key: str, body: Mapping[str, Any], version: int
) -> dict[str, Any]:
    return {"tenant": tenant, "kind": kind, "id": key, "version": version, "body": body}


def _remember(
    connection: Connection,
    said: Sequence[dict[str, Any]],
    change: Change,
    *,
    deleted: bool = False,
) -> None:
    """The versions are in the history, for good."""
    common = {
        "written_at": change.moment,
        "author": change.author,
        "revision": change.revision,
        "deleted": deleted,
    }
    if said:
        connection.execute(insert(fact_history), [{**one, **common} for one in said])


def _values(
    tenant: str, kind: str, key: str, body: Mapping[str, Any], moment: int
) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "kind": kind,
        "id": key,
        "version": 1,
        "body": body,
        "updated_at": moment,
        "deleted": False,
    }


def empty_row(connection: Connection, tenant: str, kind: str, key: str, change: Change) -> None:
    """The fact is deleted: what it said is in the history alone; its version number stays taken."""
    row = (facts.c.tenant == tenant) & (facts.c.kind == kind) & (facts.c.id == key)
    emptied = {"body": {}, "deleted": True, "version": facts.c.version + 1}
    connection.execute(update(facts).where(row).values(emptied))
    version = connection.scalar(select(facts.c.version).where(row)) or 0
    _remember(connection, [_past(tenant, kind, key, {}, version)], change, deleted=True)
    if kind == "classes":
        _unseat(connection, tenant, [key])
    if kind == "students":
        _unlink(connection, tenant, [key])


def seats(connection: Connection, tenant: str, student: str) -> Iterator[str]:
    """The ids of the classes that name the student."""
    query = select(enrolments.c.class_id).where(
        enrolments.c.tenant == tenant, enrolments.c.student == student
    )
    yield from connection.scalars(query.order_by(enrolments.c.class_id))


def _seat(connection: Connection, tenant: str, classes: Bodies) -> None:
    _unseat(connection, tenant, list(classes))
    seated = [
        {"tenant": tenant, "class_id": key, "student": student}
        for key, body in classes.items()
        for student in body["students"]
    ]
    if seated:
        connection.execute(insert(enrolments), seated)


def _unseat(connection: Connection, tenant: str, classes: Sequence[str]) -> None:
    leave = delete(enrolments).where(
        enrolments.c.tenant == tenant, enrolments.c.class_id == bindparam("left")
    )
    if classes:
        connection.execute(leave, [{"left": key} for key in classes])


def linked(connection: Connection, tenant: str, guardian: str) -> Iterator[str]:
    """The ids of the students whose family the guardian is."""
    query = select(guardians.c.student).where(
        guardians.c.tenant == tenant, guardians.c.guardian == guardian
    )
    yield from connection.scalars(query.order_by(guardians.c.student))


def _link(connection: Connection, tenant: str, students: Bodies) -> None:
    _unlink(connection, tenant, list(students))
    links = [
        {"tenant": tenant, "guardian": guardian, "student": key}
        for key, body in students.items()
        for guardian in body["family"]
    ]
    if links:
        connection.execute(insert(guardians), links)


def _unlink(connection: Connection, tenant: str, students: Sequence[str]) -> None:
    leave = delete(guardians).where(
        guardians.c.tenant == tenant, guardians.c.student == bindparam("left")
    )
    if students:
        connection.execute(leave, [{"left": key} for key in students])


def things_at(
    connection: Connection, tenant: str, revision: int
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each thing of the curriculum at a revision (kind, id, body), in the order first put."""
    query = select(fact_history).where(
        fact_history.c.tenant == tenant, fact_history.c.revision <= revision
    )
    found: dict[tuple[str, str], Row[Any]] = {}
    for row in connection.execute(query.order_by(fact_history.c.sequence)):
        found[row.kind, row.id] = row  # a place once taken stays, whatever is put there later
    yield from ((row.kind, row.id, row.body) for row in found.values() if not row.deleted)


def revision_of(connection: Connection, tenant: str) -> int:
    """How often the tenant's curriculum has changed."""
    return connection.scalar(_REVISION, {"tenant": tenant}) or 0


_REVISION = select(curricula.c.revision).where(curricula.c.tenant == bindparam("tenant"))
"""Built once: putting a statement together takes longer than a small one runs."""


def set_revision(connection: Connection, tenant: str, revision: int) -> None:
    """The tenant's curriculum is at this revision."""
    change = update(curricula).where(curricula.c.tenant == tenant).values(revision=revision)
    if connection.execute(change).rowcount == 0:
        connection.execute(insert(curricula).values(tenant=tenant, revision=revision))
