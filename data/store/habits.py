"""How students go about their work, as far as the log says: read for a class at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from engine.independence import Deed

from .connection import Connected
from .identifiers import check_ids
from .instants import instant, microseconds
from .lookups import among
from .schema import events


class Habits(Connected):
    """Answers with what shows in them beside right and wrong."""

    def deeds(self, tenant: str, students: Sequence[str], *, since: datetime) -> list[Deed]:
        """The answers of these students since a time, oldest first; not those in quarantine."""
        check_ids("student", *students)
        names = ("student", "occurred_at", "activity", "item", "correct", "hints")
        with self._database.reading(tenant) as connection:
            query = select(*(events.c[name] for name in names)).where(
                events.c.tenant == tenant,
                among(connection, events.c.student, students),
                events.c.occurred_at >= microseconds(since, "since"),
                events.c.correct.is_not(None),
                ~events.c.quarantined,
            )
            ordered = query.order_by(events.c.occurred_at, events.c.id)
            rows = connection.execute(ordered).all()
        return [Deed(row[0], instant(row[1]), *row[2:]) for row in rows]
