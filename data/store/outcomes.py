"""What became of decisions, and what each was decided from: read from the log and the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from engine.curriculum import Curriculum
from engine.goals import Goal
from engine.overrides import Override
from engine.responses import Response
from engine.workshops import Workshop

from .connection import Connected
from .histories import COLUMNS, STUDENT, VOIDS, Stamp, counting
from .identifiers import check_ids
from .instants import instant
from .lookups import among
from .schema import decisions, events, fact_history
from .wishes import goal_of, override_of, workshop_of

Version = tuple[str, str, int]  # kind, id and version of a fact


class Answer(NamedTuple):
    """An answer that names the recommendation which it follows."""

    recommendation: str
    id: str
    student: str
    correct: float
    occurred_at: datetime
    activity: str | None


class Outcomes(Connected):
    """Answers by the recommendation they follow, and facts as they were when it was made."""

    def answers_to(self, tenant: str, recommendations: Sequence[str]) -> dict[str, list[Answer]]:
        """The answers that name each recommendation, oldest first; not those taken back."""
        check_ids("recommendation", *recommendations)
        taker = events.alias()
        taken_back = (
            select(taker.c.sequence)
            .where(
                taker.c.tenant == tenant,
                taker.c.voids == events.c.id,
                taker.c.student == events.c.student,
                ~taker.c.quarantined,
            )
            .exists()
        )
        names = ("recommendation", "id", "student", "correct", "occurred_at", "activity")
        with self._database.reading(tenant) as connection:
            query = (
                select(*(events.c[name] for name in names))
                .where(
                    events.c.tenant == tenant,
                    events.c.recommendation.is_not(None),
                    among(connection, events.c.recommendation, recommendations),
                    events.c.correct.is_not(None),
                    ~events.c.quarantined,
                    ~taken_back,
                )
                .order_by(events.c.occurred_at, events.c.id)
            )
            rows = connection.execute(query).all()
        found: dict[str, list[Answer]] = {id: [] for id in recommendations}
        for row in rows:
            found[row.recommendation].append(Answer(*row)._replace(occurred_at=instant(row[4])))
        return found

    def responses_then(
        self, tenant: str, student: str, stamp: Stamp, curriculum: Curriculum
    ) -> list[Response] | None:
        """The answers that counted when the student's log stood at a stamp.

        None where that can no longer be told: events have been erased since, or one that was sent
        earlier was written later.
        """
        check_ids("student", student)
        of_then = (
            events.c.tenant == tenant,
            events.c.student == student,
            events.c.sequence <= stamp.newest,
        )
        query = select(*COLUMNS).where(*of_then, ~events.c.quarantined)
        ordered = query.order_by(events.c.occurred_at, events.c.id)
        with self._database.reading(tenant) as connection:
            if connection.scalar(select(func.count()).where(*of_then)) != stamp.events:
                return None
            rows = connection.execute(ordered).all()
        voided = {(row[STUDENT], row[VOIDS]) for row in rows if row[VOIDS] is not None}
        return list(counting(rows, voided, curriculum))

    def wishes_then(
        self, tenant: str, versions: Iterable[Version]
    ) -> tuple[tuple[Override, ...], tuple[Goal, ...]]:
        """The overrides and the goals that these versions of facts stated, in this order."""
        wanted = list(versions)
        with self._database.reading(tenant) as connection:
            query = select(fact_history).where(
                fact_history.c.tenant == tenant,
                fact_history.c.kind.in_(("overrides", "goals")),
                among(connection, fact_history.c.id, [id for _, id, _ in wanted]),
            )
            rows = {(row.kind, row.id, row.version): row.body for row in connection.execute(query)}
        known = [version for version in wanted if version in rows]
        overrides = (override_of(v[1], rows[v]) for v in known if v[0] == "overrides")
        goals = (goal_of(v[1], rows[v]) for v in known if v[0] == "goals")
        return tuple(overrides), tuple(goals)

    def workshops_then(self, tenant: str, versions: Iterable[Version]) -> tuple[Workshop, ...]:
        """The workshops that these versions of facts stated, in this order."""
        wanted = [version for version in versions if version[0] == "workshops"]
        with self._database.reading(tenant) as connection:
            query = select(fact_history).where(
                fact_history.c.tenant == tenant,
                fact_history.c.kind == "workshops",
                among(connection, fact_history.c.id, [id for _, id, _ in wanted]),
            )
            rows = {(row.kind, row.id, row.version): row.body for row in connection.execute(query)}
        return tuple(workshop_of(one[1], rows[one]) for one in wanted if one in rows)

    def recommendations(
        self, tenant: str, *, after: str | None = None, limit: int = 500
    ) -> list[dict[str, Any]]:
        """A page of the recommendations that were kept, ordered by id."""
        query = select(decisions.c.body).where(
            decisions.c.tenant == tenant, decisions.c.kind == "recommendation"
        )
        if after is not None:
            query = query.where(decisions.c.id > after)
        with self._database.reading(tenant) as connection:
            found = connection.scalars(query.order_by(decisions.c.id).limit(limit))
            return [dict(body) for body in found]
