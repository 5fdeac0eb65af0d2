"""The statements behind `facts`: rows looked up, put, emptied, and the revision they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, insert, select, update

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
    _lay_out(connection, tenant, kind, bodies)
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
    _lay_out(connection, tenant, kind, {key: {}})


def seats(connection: Connection, tenant: str, student: str) -> Iterator[str]:
    """The ids of the classes that name the student."""
    query = select(enrolments.c.class_id).where(
        enrolments.c.tenant == tenant, enrolments.c.student == student
    )
    yield from connection.scalars(query.order_by(enrolments.c.class_id))


def linked(connection: Connection, tenant: str, guardian: str) -> Iterator[str]:
    """The ids of the students whose family the guardian is."""
    query = select(guardians.c.student).where(
        guardians.c.tenant == tenant, guardians.c.guardian == guardian
    )
    yield from connection.scalars(query.order_by(guardians.c.student))


class Layout(NamedTuple):
    """A list in a fact's body, laid out as rows so that each one on it is found."""

    table: Table
    fact: str  # the column that holds the fact's id
    listed: str  # the column that holds who is on its list
    field: str  # the list, in the body


LAID_OUT: Mapping[str, Layout] = MappingProxyType(
    {
        "classes": Layout(enrolments, "class_id", "student", "students"),
        "students": Layout(guardians, "student", "guardian", "family"),
    }
)
"""Kind of fact → its list: who sits in a class, whose family somebody is."""


def _lay_out(connection: Connection, tenant: str, kind: str, bodies: Bodies) -> None:
    """The lists of these facts are those of their bodies; a deleted one's body lists nobody."""
    layout = LAID_OUT.get(kind)
    if layout is None or not bodies:
        return
    table = layout.table
    leave = delete(table).where(table.c.tenant == tenant, table.c[layout.fact] == bindparam("left"))
    connection.execute(leave, [{"left": key} for key in bodies])
    rows = [
        {"tenant": tenant, layout.fact: key, layout.listed: one}
        for key, body in bodies.items()
        for one in body.get(layout.field, ())
    ]
    if rows:
        connection.execute(insert(table), rows)


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
