"""What was believed of everybody on a day: rows for reports, replaced when it is taken anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from .connection import Connected
from .lookups import among
from .schema import events, snapshots


class Standing(NamedTuple):
    """What was believed of one student in one skill."""

    student: str
    skill: str
    p_mastery: float
    low: float
    high: float
    n: int
    state: str


_COLUMNS = ("tenant", "day", "model", *Standing._fields)
INSERT = {
    dialect: f"INSERT INTO snapshots ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join([mark] * len(_COLUMNS))})"
    for dialect, mark in (("sqlite", "?"), ("postgresql", "%s"))
}
"""As the drivers take it: a district's rows are millions, and SQLAlchemy looks at each."""


class Snapshots(Connected):
    """Snapshots by tenant and day."""

    def keep_standings(
        self, tenant: str, day: str, model: str, students: Sequence[str], rows: Sequence[Standing]
    ) -> None:
        """The students' rows of the day are these and no others: all of them, or those of before.

        Some hundred students at a time: whoever sends events waits for no more than that.
        """
        with self._database.writing(tenant, durable=False) as connection:
            theirs = among(connection, snapshots.c.student, students)
            old = (snapshots.c.tenant == tenant) & (snapshots.c.day == day) & theirs
            connection.execute(delete(snapshots).where(old))
            if rows:
                connection.exec_driver_sql(
                    INSERT[connection.dialect.name], [(tenant, day, model, *row) for row in rows]
                )

    def snapshot(self, tenant: str, day: str) -> list[Standing]:
        """The day's rows, by student and skill; none where it was not taken."""
        columns = [snapshots.c[name] for name in Standing._fields]
        query = (
            select(*columns)
            .where(snapshots.c.tenant == tenant, snapshots.c.day == day)
            .order_by(snapshots.c.student, snapshots.c.skill)
        )
        with self._database.reading(tenant) as connection:
            return [Standing(*row) for row in connection.execute(query)]

    def students_with_events(self, tenant: str, *, after: str = "", limit: int) -> list[str]:
        """The next students with answers, in the order of their ids."""
        query = (
            select(events.c.student)
            .where(events.c.tenant == tenant, events.c.student > after)
            .distinct()
            .order_by(events.c.student)
            .limit(limit)
        )
        with self._database.reading(tenant) as connection:
            found: Any = connection.scalars(query)
            return list(found)
