"""What was said of students, and every version that a fact ever had: read, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.curriculum import Curriculum

from .bodies import check_kind, current
from .catalogue import Catalogue
from .connection import Connected
from .fact_rows import rows_of, stored, things_at
from .identifiers import check_ids
from .instants import microseconds
from .schema import fact_history
from .wishes import Wishes, concerning, wishes_of

Stored = dict[str, Any]
Page = list[Stored]


class Spoken(Connected):
    """Goals and overrides by whom they are about, and the past of every fact."""

    def about(
        self, tenant: str, kind: str, *, student: str | None = None, class_id: str | None = None
    ) -> Page:
        """The goals or overrides about a student, or about a class, ordered by id."""
        check_kind(kind)
        whom, subject = ("student", student) if student is not None else ("class", class_id)
        check_ids(whom, subject)
        with self._database.reading(tenant) as connection:
            ids = concerning(connection, tenant, kind, whom, [str(subject)])
            rows = rows_of(connection, tenant, kind, ids)
        return [seen(row) for row in sorted(rows, key=lambda row: row.id) if not row.deleted]

    def about_students(self, tenant: str, kind: str, students: Sequence[str]) -> Page:
        """The facts of a kind about any of these students, ordered by id."""
        check_kind(kind)
        check_ids("student", *students)
        with self._database.reading(tenant) as connection:
            ids = concerning(connection, tenant, kind, "student", students)
            rows = rows_of(connection, tenant, kind, ids)
        return [seen(row) for row in sorted(rows, key=lambda row: row.id) if not row.deleted]

    def wishes(
        self, tenant: str, students: Sequence[str], *, as_of: datetime | None = None
    ) -> dict[str, Wishes]:
        """The goals and overrides of each student and of the classes they sit in.

        Expired ones too, for the engine tells what is in force. With `as_of`, what had been said by
        then, in the words it had then.
        """
        check_ids("student", *students)
        moment = None if as_of is None else microseconds(as_of, "as_of")
        with self._database.reading(tenant) as connection:
            return wishes_of(connection, tenant, list(dict.fromkeys(students)), moment)

    def past(self, tenant: str, kind: str, id: str) -> Page:
        """Every version that a fact ever had, the oldest first; its deletion is one of them."""
        check_kind(kind)
        check_ids(f"{kind} id", id)
        query = select(fact_history).where(
            fact_history.c.tenant == tenant, fact_history.c.kind == kind, fact_history.c.id == id
        )
        with self._database.reading(tenant) as connection:
            rows = connection.execute(query.order_by(fact_history.c.version)).all()
        return [
            {
                **stored(row.id, row.body, row.version, row.written_at),
                "author": row.author,
                "deleted": row.deleted,
            }
            for row in rows
        ]

    def fact_then(self, tenant: str, kind: str, id: str, version: int) -> Stored | None:
        """A fact as it was at a version; None where that cannot be told any more."""
        check_kind(kind)
        check_ids(f"{kind} id", id)
        query = select(fact_history).where(
            fact_history.c.tenant == tenant,
            fact_history.c.kind == kind,
            fact_history.c.id == id,
            fact_history.c.version == version,
            ~fact_history.c.deleted,
        )
        with self._database.reading(tenant) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return stored(row.id, current(kind, row.body), row.version, row.written_at)

    def curriculum_then(self, tenant: str, revision: int) -> Curriculum:
        """The tenant's curriculum as it was at an earlier revision."""
        with self._database.reading(tenant) as connection:
            return Catalogue.of(revision, things_at(connection, tenant, revision)).curriculum


def seen(row: Row[Any]) -> Stored:
    """The fact of a row as callers see it."""
    return stored(row.id, current(row.kind, row.body), row.version, row.updated_at)
