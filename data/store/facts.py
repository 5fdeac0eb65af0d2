"""Skills, objectives, items, activities, students and classes, under their owners' own ids."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from engine.curriculum import Curriculum
from engine.errors import Conflict, InvalidInput

from .bodies import THINGS, Body, check_kind, whole_bodies
from .catalogue import Catalogue
from .connection import Connected, Database
from .fact_rows import (
    Bodies,
    Put,
    empty_row,
    existing,
    linked,
    put_rows,
    revision_of,
    rows_of,
    seats,
    set_revision,
    stored,
)
from .identifiers import check_ids, printable
from .instants import microseconds
from .postgres import lock_tenant
from .schema import facts

LARGEST_PAGE = 1000
SHOWN_MENTIONS = 10

Stored = dict[str, Any]
Page = list[Stored]


class Facts(Connected):
    """Facts by tenant, kind and id. Each put bumps the `version` of what it replaces."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._catalogues: dict[str, Catalogue] = {}

    def put(
        self, tenant: str, kind: str, id: str, body: Body, *, now: datetime
    ) -> tuple[Stored, bool]:
        """The fact as stored, and whether it is new. A field left out takes its default.

        Raises `InvalidInput`, and writes nothing, for a body that is at fault by itself or that
        would make the curriculum so (an unknown skill, a cycle of prerequisites).
        """
        check_ids(f"{kind} id", id)
        if body.get("id", id) != id:
            said = printable(body["id"])
            raise InvalidInput.at("id", said, f"the id it is put under, {id}, or none")
        bodies = whole_bodies(kind, [{**body, "id": id}])
        done = self._write(tenant, {kind: bodies}, now)[id]
        return stored(id, bodies[id], done.version, microseconds(now)), done.created

    def put_many(self, tenant: str, kind: str, rows: Iterable[Body], *, now: datetime) -> int:
        """All rows are stored, or none; each names its `id`. Returns how many are new."""
        done = self._write(tenant, {kind: whole_bodies(kind, list(rows))}, now)
        return sum(put.created for put in done.values())

    def put_curriculum(self, tenant: str, curriculum: Curriculum, *, now: datetime) -> None:
        """Everything in the curriculum is stored, or nothing; what else the tenant has stays."""
        things = {kind: getattr(curriculum, kind).values() for kind in THINGS}
        rows = {kind: [asdict(thing) for thing in some] for kind, some in things.items()}
        self._write(tenant, {kind: whole_bodies(kind, some) for kind, some in rows.items()}, now)

    def put_roster(
        self, tenant: str, students: Iterable[Body], classes: Iterable[Body], *, now: datetime
    ) -> None:
        """Students and classes are stored, all or none."""
        rows = {
            "students": whole_bodies("students", list(students)),
            "classes": whole_bodies("classes", list(classes)),
        }
        self._write(tenant, rows, now)

    def get(self, tenant: str, kind: str, id: str) -> Stored | None:
        """The fact with its `id`, `version` and `updated_at`; None where there is none."""
        return self.get_many(tenant, kind, [id]).get(id)

    def get_many(self, tenant: str, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        """Those of the facts that exist, by id."""
        check_kind(kind)
        check_ids(f"{kind} id", *ids)
        with self._database.reading(tenant) as connection:
            rows = rows_of(connection, tenant, kind, ids)
        return {row.id: _seen(row) for row in rows if not row.deleted}

    def list(self, tenant: str, kind: str, *, after: str | None = None, limit: int = 100) -> Page:
        """A page of facts, ordered by id, beginning behind `after`."""
        check_kind(kind)
        if not 1 <= limit <= LARGEST_PAGE:
            raise InvalidInput.at("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
        query = existing(tenant).where(facts.c.kind == kind).order_by(facts.c.id).limit(limit)
        if after is not None:
            check_ids("after", after)
            query = query.where(facts.c.id > after)
        with self._database.reading(tenant) as connection:
            return [_seen(row) for row in connection.execute(query)]

    def delete(self, tenant: str, kind: str, id: str) -> bool:
        """The fact is gone; False where there was none.

        Raises `Conflict` naming what still mentions it: the skills, objectives, items, activities
        and classes that would point at nothing.
        """
        check_kind(kind)
        check_ids(f"{kind} id", id)
        with self._database.writing(tenant) as connection:
            lock_tenant(connection, tenant)
            if all(row.deleted for row in rows_of(connection, tenant, kind, [id])):
                return False
            catalogue = self._catalogue(connection, tenant)
            self._refuse_if_mentioned(connection, tenant, kind, id)
            empty_row(connection, tenant, kind, id)
            after = catalogue.without(kind, id) if kind in THINGS else catalogue
            if after is not catalogue:
                set_revision(connection, tenant, after.revision)
        self._catalogues[tenant] = after
        return True

    def classes_of(self, tenant: str, student: str) -> builtins.list[str]:
        """The ids of the classes that name the student, in their order."""
        check_ids("student", student)
        with self._database.reading(tenant) as connection:
            return [*seats(connection, tenant, student)]

    def children(self, tenant: str, guardian: str) -> builtins.list[str]:
        """The ids of the students whose `family` names the guardian, in their order."""
        check_ids("guardian", guardian)
        with self._database.reading(tenant) as connection:
            return [*linked(connection, tenant, guardian)]

    def curriculum(self, tenant: str) -> Curriculum:
        """The tenant's curriculum as it is now, built once for each change."""
        with self._database.reading(tenant) as connection:
            return self.curriculum_at(connection, tenant)

    def curriculum_at(self, connection: Connection, tenant: str) -> Curriculum:
        """The tenant's curriculum as the connection sees it."""
        return self._catalogue(connection, tenant).curriculum

    def revision(self, tenant: str) -> int:
        """A number that goes up whenever the tenant's curriculum changes; 0 before there is one."""
        with self._database.reading(tenant) as connection:
            return revision_of(connection, tenant)

    def _catalogue(self, connection: Connection, tenant: str) -> Catalogue:
        """The catalogue at the revision that the connection sees, from the last read if it can."""
        revision = revision_of(connection, tenant)
        kept = self._catalogues.get(tenant)
        if kept is not None and kept.revision == revision:
            return kept
        query = existing(tenant).where(facts.c.kind.in_(THINGS)).order_by(facts.c.sequence)
        rows = connection.execute(query.with_only_columns(facts.c.kind, facts.c.id, facts.c.body))
        read = Catalogue.of(revision, ((row.kind, row.id, row.body) for row in rows))
        self._catalogues[tenant] = read
        return read

    def _write(self, tenant: str, bodies: Mapping[str, Bodies], now: datetime) -> dict[str, Put]:
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        with self._database.writing(tenant) as connection:
            lock_tenant(connection, tenant)
            before = self._catalogue(connection, tenant)
            after = before.with_facts(bodies) if THINGS.keys() & bodies.keys() else before
            done: dict[str, Put] = {}
            revived = False
            for kind, some in bodies.items():
                puts = put_rows(connection, tenant, kind, some, moment)
                revived = revived or any(put.revived for put in puts.values())
                done.update(puts)
            if after is not before:
                set_revision(connection, tenant, after.revision)
        # Kept only now: had the commit failed, another writer would get this revision's number.
        if revived:
            self._catalogues.pop(tenant, None)  # `after` has it at the end, the database does not
        else:
            self._catalogues[tenant] = after
        return done

    def _refuse_if_mentioned(
        self, connection: Connection, tenant: str, kind: str, key: str
    ) -> None:
        if kind == "students":
            found = [f"class {name}" for name in seats(connection, tenant, key)]
        else:
            found = list(self._catalogue(connection, tenant).mentions(kind, key))
        if found:
            more = f" and {len(found) - SHOWN_MENTIONS} more" if len(found) > SHOWN_MENTIONS else ""
            shown = ", ".join(found[:SHOWN_MENTIONS])
            raise Conflict(f"{kind} {key!r} is still mentioned by {shown}{more}")


def _seen(row: Row[Any]) -> Stored:
    return stored(row.id, row.body, row.version, row.updated_at)
