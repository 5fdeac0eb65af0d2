"""Skills, objectives, items, activities, students and classes, under their owners' own ids."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row

from engine.curriculum import Curriculum
from engine.errors import Conflict, InvalidInput, Outdated

from .bodies import THINGS, WISHES, Body, check_kind, whole_bodies
from .catalogue import Catalogue
from .connection import Database
from .erasures import refuse_erased
from .fact_rows import (
    Bodies,
    Change,
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
    students_named,
)
from .identifiers import check_ids, printable
from .instants import microseconds
from .postgres import lock_tenant
from .schema import facts
from .spoken import Page, Spoken, Stored, seen
from .wishes import check_wishes, put_concerns

LARGEST_PAGE = 1000
SHOWN_MENTIONS = 10
NOTHING_EXPECTED: Mapping[str, int] = MappingProxyType({})


class Facts(Spoken):
    """Facts by tenant, kind and id. Each put bumps the `version` of what it replaces."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._catalogues: dict[str, Catalogue] = {}

    def put(
        self,
        tenant: str,
        kind: str,
        id: str,
        body: Body,
        *,
        now: datetime,
        author: str = "",
        expected: int | None = None,
    ) -> tuple[Stored, bool]:
        """The fact as stored, and whether it is new. A field left out takes its default.

        Raises `InvalidInput`, and writes nothing, for a body that is at fault by itself or that
        would make the curriculum so (an unknown skill, a cycle of prerequisites). `expected` is
        the version that it must have, 0 for a fact that must not exist; else `Outdated`.
        """
        check_ids(f"{kind} id", id)
        if body.get("id", id) != id:
            said = printable(body["id"])
            raise InvalidInput.at("id", said, f"the id it is put under, {id}, or none")
        bodies = whole_bodies(kind, [{**body, "id": id}])
        written = {} if expected is None else {id: expected}
        done = self._write(tenant, {kind: bodies}, now, author=author, expected=written)[id]
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
        return {row.id: seen(row) for row in rows if not row.deleted}

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
            return [seen(row) for row in connection.execute(query)]

    def delete(
        self,
        tenant: str,
        kind: str,
        id: str,
        *,
        now: datetime,
        author: str = "",
        expected: int | None = None,
    ) -> bool:
        """The fact is gone; False where there was none.

        Raises `Conflict` naming what still mentions it: the skills, objectives, items, activities
        and classes that would point at nothing; `Outdated` where it has not the `expected` version.
        """
        check_kind(kind)
        check_ids(f"{kind} id", id)
        with self._database.writing(tenant) as connection:
            lock_tenant(connection, tenant)
            rows = rows_of(connection, tenant, kind, [id])
            if all(row.deleted for row in rows):
                return False
            _check_versions(kind, rows, {} if expected is None else {id: expected})
            catalogue = self._catalogue(connection, tenant)
            self._refuse_if_mentioned(connection, tenant, kind, id)
            after = catalogue.without(kind, id) if kind in THINGS else catalogue
            revision = after.revision if after is not catalogue else None
            change = Change(microseconds(now, "now"), author, revision)
            empty_row(connection, tenant, kind, id, change)
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

    def curriculum_at(
        self, connection: Connection, tenant: str, revision: int | None = None
    ) -> Curriculum:
        """The tenant's curriculum as the connection sees it, whose `revision` may be known."""
        return self._catalogue(connection, tenant, revision).curriculum

    def revision(self, tenant: str) -> int:
        """A number that goes up whenever the tenant's curriculum changes; 0 before there is one."""
        with self._database.reading(tenant) as connection:
            return revision_of(connection, tenant)

    def _catalogue(
        self, connection: Connection, tenant: str, revision: int | None = None
    ) -> Catalogue:
        """The catalogue at the revision that the connection sees, from the last read if it can."""
        if revision is None:
            revision = revision_of(connection, tenant)
        kept = self._catalogues.get(tenant)
        if kept is not None and kept.revision == revision:
            return kept
        query = existing(tenant).where(facts.c.kind.in_(THINGS)).order_by(facts.c.sequence)
        rows = connection.execute(query.with_only_columns(facts.c.kind, facts.c.id, facts.c.body))
        read = Catalogue.of(revision, ((row.kind, row.id, row.body) for row in rows))
        self._catalogues[tenant] = read
        return read

    def _write(
        self,
        tenant: str,
        bodies: Mapping[str, Bodies],
        now: datetime,
        *,
        author: str = "",
        expected: Mapping[str, int] = NOTHING_EXPECTED,
    ) -> dict[str, Put]:
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        with self._database.writing(tenant) as connection:
            lock_tenant(connection, tenant)
            refuse_erased(connection, tenant, students_named(bodies))
            before = self._catalogue(connection, tenant)
            after = before.with_facts(bodies) if THINGS.keys() & bodies.keys() else before
            check_wishes(bodies, before.curriculum)
            revision = after.revision if after is not before else None
            done: dict[str, Put] = {}
            revived = False
            for kind, some in bodies.items():
                if expected:
                    _check_versions(kind, rows_of(connection, tenant, kind, list(some)), expected)
                if kind in WISHES and some:
                    put_concerns(connection, tenant, kind, some)
                change = Change(moment, author, revision if kind in THINGS else None)
                puts = put_rows(connection, tenant, kind, some, change)
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


def _check_versions(kind: str, rows: Sequence[Row[Any]], expected: Mapping[str, int]) -> None:
    """Raises `Outdated` for facts that have another version than is expected."""
    found = {row.id: 0 if row.deleted else row.version for row in rows}
    for key, version in expected.items():
        current = found.get(key, 0)
        if current != version:
            now = f"is at version {current}" if current else "does not exist"
            wanted = f"version {version}" if version else "no such fact"
            raise Outdated(f"{kind} {key!r} {now}, and {wanted} was expected")
