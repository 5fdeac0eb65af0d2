"""Decisions, kept whole as they were made: recommendations and groupings. Never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from engine.errors import Conflict

from .bodies import Body
from .connection import Connected, Database
from .identifiers import check_ids
from .lookups import insert_in
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

    def _save(self, tenant: str, kind: str, id: str, body: Body) -> None:
        check_ids("tenant", tenant)
        check_ids(f"{kind} id", id)
        whole = encoded_plainly(f"{kind} {id}", dict(body))
        refusal = self._decisions.submit(Decision(tenant, kind, id, whole)).result()
        if refusal is not None:
            raise refusal

    def _decision(self, tenant: str, kind: str, id: str) -> dict[str, Any] | None:
        check_ids(f"{kind} id", id)
        with self._database.reading(tenant) as connection:
            found = connection.execute(_decision_query(tenant, kind, id)).one_or_none()
        return None if found is None else dict(found.body)

    def _write_decisions(self, group: Sequence[Decision]) -> list[Conflict | None]:
        """Why each could not be kept, if it could not; all that can are, in one transaction."""
        with self._database.writing(durable=False) as connection:
            return [_keep(connection, decision) for decision in group]


def _keep(connection: Connection, decision: Decision) -> Conflict | None:
    tenant, kind, id, text = decision
    name_tenant(connection, tenant)
    body = json.loads(text)
    row = {"tenant": tenant, "kind": kind, "id": id, "body": body}
    if connection.scalar(_insert(connection.dialect.name), row) is not None:
        return None
    before = connection.execute(_decision_query(tenant, kind, id)).one()
    return None if before.body == body else Conflict(f"another {kind} is kept under the id {id!r}")


@lru_cache
def _insert(dialect: str) -> Any:
    """Built once: putting a statement together takes longer than a small one runs."""
    return insert_in(dialect)(decisions).on_conflict_do_nothing().returning(decisions.c.id)


def _decision_query(tenant: str, kind: str, id: str) -> Any:
    return select(decisions.c.body).where(
        decisions.c.tenant == tenant, decisions.c.kind == kind, decisions.c.id == id
    )
