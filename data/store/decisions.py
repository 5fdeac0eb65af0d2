"""Decisions, kept whole as they were made: recommendations and groupings. Never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from engine.errors import Conflict

from .bodies import Body
from .connection import Connected
from .identifiers import check_ids
from .plain import plain
from .schema import decisions


class Decisions(Connected):
    """What was decided, by tenant and id."""

    def save_recommendation(self, tenant: str, id: str, body: Body) -> None:
        """The recommendation is kept. Raises `Conflict` where another has the id."""
        self._save(tenant, "recommendation", id, body)

    def recommendation(self, tenant: str, id: str) -> dict[str, Any] | None:
        """The recommendation as it was saved; None where there is none."""
        return self._decision(tenant, "recommendation", id)

    def save_grouping(self, tenant: str, id: str, body: Body) -> None:
        """The grouping is kept. Raises `Conflict` where another has the id."""
        self._save(tenant, "grouping", id, body)

    def grouping(self, tenant: str, id: str) -> dict[str, Any] | None:
        """The grouping as it was saved; None where there is none."""
        return self._decision(tenant, "grouping", id)

    def _save(self, tenant: str, kind: str, id: str, body: Body) -> None:
        check_ids("tenant", tenant)
        check_ids(f"{kind} id", id)
        whole = plain(f"{kind} {id}", dict(body))
        query = _decision_query(tenant, kind, id)
        with self._database.writing() as connection:
            before = connection.execute(query).one_or_none()
            if before is None:
                row = {"tenant": tenant, "kind": kind, "id": id, "body": whole}
                connection.execute(insert(decisions).values(row))
            elif before.body != whole:
                raise Conflict(f"another {kind} is kept under the id {id!r}")

    def _decision(self, tenant: str, kind: str, id: str) -> dict[str, Any] | None:
        check_ids(f"{kind} id", id)
        with self._database.reading() as connection:
            found = connection.execute(_decision_query(tenant, kind, id)).one_or_none()
        return None if found is None else dict(found.body)


def _decision_query(tenant: str, kind: str, id: str) -> Any:
    return select(decisions.c.body).where(
        decisions.c.tenant == tenant, decisions.c.kind == kind, decisions.c.id == id
    )
