"""Whether answers name recommendations that were made for their students."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from .events import Arrival, Outcome
from .lookups import among
from .schema import decisions


def linked(
    connection: Connection, tenant: str, arrivals: Sequence[Arrival], outcomes: list[Outcome]
) -> list[Outcome]:
    """The same, those marked that name a recommendation which their student was never given.

    Looked up only where one is named. It is no reason to refuse an answer: an answer is a fact.
    """
    named = {arrival.recommendation for arrival in arrivals} - {None}
    if not named:
        return outcomes
    given = _given(connection, tenant, [str(one) for one in named])
    return [
        outcome._replace(unlinked=True)
        if outcome.status != "rejected"
        and arrival.recommendation is not None
        and given.get(arrival.recommendation) != arrival.student
        else outcome
        for arrival, outcome in zip(arrivals, outcomes, strict=True)
    ]


def _given(connection: Connection, tenant: str, ids: Sequence[str]) -> dict[str, str]:
    """Those of the recommendations that exist, each with the student it was made for."""
    query = select(decisions.c.id, decisions.c.body["student"].as_string().label("student")).where(
        decisions.c.tenant == tenant,
        decisions.c.kind == "recommendation",
        among(connection, decisions.c.id, ids),
    )
    return {row.id: row.student for row in connection.execute(query)}
