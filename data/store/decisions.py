"""Decisions, kept whole as they were made: recommendations, groupings and plans of lessons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from engine.errors import Conflict

from .bodies import Body
from .connection import Connected, Database
from .identifiers import check_ids
from .plain import encoded_plainly
from .postgres import name_tenant
from .schema import decisions
from .writer import Writer


class Decision(NamedTuple):
    """A decision to be kept; its body is text that equal bodies share."""

    tenant: str
    kind: str
    id: str
    body: str


class Decisions(Connected):
    """What was decided, by tenant and id.

    A decision is seen by everybody once it is saved, and is on the disk no later than any event
    that answers it: both are in one log, which reaches the disk in its order. So saving one does
    not wait for the disk.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._decisions: Writer[Decision, Conflict | None] = Writer(self._write_decisions)

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

    def save_session_plan(self, tenant: str, id: str, body: Body) -> None:
        """The plan of a lesson is kept. Raises `Conflict` where another has the id."""
        self._save(tenant, "session_plan", id, body)

    def session_plan(self, tenant: str, id: str) -> dict[str, Any] | None:
        """The plan of a lesson as it was saved; None where there is none."""
        return self._decision(tenant, "session_plan", id)

    def _save(self, tenant: str, kind: str, id: str, body: Body) -> None:
        check_ids("tenant", tenant)
        check_ids(f"{kind} id", id)
        whole = encoded_plainly(f"{kind} {id}", dict(body))
        refusal = self._decisions.write(Decision(tenant, kind, id, whole))
        if refusal is not None:
            raise refusal

    def _decision(self, tenant: str, kind: str, id: str) -> dict[str, Any] | None:
        check_ids(f"{kind} id", id)
        with self._database.reading(tenant) as connection:
            found = connection.execute(_decision_query(tenant, kind, id)).one_or_none()
        return None if found is None else dict(found.body)

    def _write_decisions(self, group: Sequence[Decision]) -> list[Conflict | None]:
        """Why each could not be kept, if it could not; all that can are, in one transaction."""
        refusals: dict[Decision, Conflict | None] = {}
        with self._database.writing(durable=False) as connection:
            for tenant in sorted({decision.tenant for decision in group}):
                name_tenant(connection, tenant)
                theirs = [decision for decision in group if decision.tenant == tenant]
                new = _insert(connection, theirs)
                for decision in theirs if new < len(theirs) else ():
                    refusals[decision] = _refusal(connection, decision)
        return [refusals.get(decision) for decision in group]


INSERT = {
    dialect: f"INSERT INTO decisions (tenant, kind, id, body) VALUES ({', '.join([mark] * 4)})"
    " ON CONFLICT DO NOTHING"
    for dialect, mark in (("sqlite", "?"), ("postgresql", "%s"))
}
"""As the drivers take it: a body is text already, and large, and need not be read and written."""


def _insert(connection: Connection, decisions: Sequence[Decision]) -> int:
    """How many of the decisions are new, and kept from now on."""
    statement = INSERT[connection.dialect.name]
    return connection.exec_driver_sql(statement, list(decisions)).rowcount


def _refusal(connection: Connection, decision: Decision) -> Conflict | None:
    """Why a decision is not kept: another has its id. None where this one is."""
    tenant, kind, id, text = decision
    before = connection.execute(_decision_query(tenant, kind, id)).one()
    same = bool(before.body == json.loads(text))
    return None if same else Conflict(f"another {kind} is kept under the id {id!r}")


def _decision_query(tenant: str, kind: str, id: str) -> Any:
    return select(decisions.c.body).where(
        decisions.c.tenant == tenant, decisions.c.kind == kind, decisions.c.id == id
    )
