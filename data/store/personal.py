"""All that is kept about one student, given out whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from engine.errors import NotFound

from .audit import audit_of_student
from .bodies import WISHES
from .connection import Connected
from .events import decoded_skills
from .fact_rows import stored
from .identifiers import check_ids
from .instants import instant
from .personal_rows import (
    NAMING,
    decisions_about_classes,
    recommendations_of,
    rows,
    versions_about,
)
from .principals import Role
from .schema import accounts, enrolments, events, fact_history, facts, identities, keys

Found = dict[str, Any]
INTERNAL = ("sequence", "tenant")


class Personal(Connected):
    """One student's data, gathered from every table."""

    def personal_record(self, tenant: str, student: str) -> Found:
        """Everything that is kept about a student, but for what can be worked out from it.

        Raises `NotFound` where nothing is.
        """
        check_ids("student", student)
        with self._database.reading(tenant) as connection:
            found: Found = {
                "facts": _facts_of(connection, tenant, student),
                "events": [*_events_of(connection, tenant, student)],
                **_decisions_of(connection, tenant, student),
            }
            if not any(found.values()):
                raise NotFound("student", student)
            return {
                **found,
                "credentials": [*_credentials_of(connection, tenant, student)],
                "audit": audit_of_student(connection, tenant, student),
            }


def _facts_of(connection: Connection, tenant: str, student: str) -> Found:
    own = rows(connection, facts, tenant, kind="students", id=student)
    past = rows(connection, fact_history, tenant, kind="students", id=student)
    seats = rows(connection, enrolments, tenant, student=student)
    found = {
        "student": [stored(row.id, row.body, row.version, row.updated_at) for row in own],
        "earlier": [stored(row.id, row.body, row.version, row.written_at) for row in past],
        "classes": [row.class_id for row in seats],
        **{kind: [*_wishes_of(connection, tenant, kind, student)] for kind in WISHES},
    }
    return found if any(found.values()) else {}


def _wishes_of(connection: Connection, tenant: str, kind: str, student: str) -> Iterator[Found]:
    """Every version of the goals or overrides that are about the student."""
    for row in versions_about(connection, fact_history, tenant, kind, student):
        yield {
            **stored(row.id, row.body, row.version, row.written_at),
            "author": row.author,
            "deleted": row.deleted,
        }


def _events_of(connection: Connection, tenant: str, student: str) -> Iterator[Found]:
    query = select(events).where(events.c.tenant == tenant, events.c.student == student)
    for row in connection.execute(query.order_by(events.c.occurred_at, events.c.id)):
        found = {name: value for name, value in row._mapping.items() if name not in INTERNAL}
        found["skills"] = decoded_skills(row.skills) if row.skills else None
        for name in ("occurred_at", "received_at"):
            found[name] = instant(found[name]).isoformat()
        yield found


def _decisions_of(connection: Connection, tenant: str, student: str) -> dict[str, list[Found]]:
    advice = recommendations_of(connection, tenant, student)
    kept = decisions_about_classes(connection, tenant)
    changed = (rows(connection, facts, tenant, kind=kind) for kind in NAMING)
    groups = (
        {**_heading(row.body), "parts": parts}
        for row in chain(kept, *changed)
        if (parts := [*_parts_about(row.body, student)])
    )
    return {"recommendations": [dict(row.body) for row in advice], "groupings": [*groups]}


def _heading(body: Mapping[str, Any]) -> Found:
    names = ("id", "class", "kind", "objective", "decided_at")
    return {name: body[name] for name in names if name in body}


def _credentials_of(connection: Connection, tenant: str, student: str) -> Iterator[Found]:
    """That there are credentials, and since when; never a secret."""
    for table in (keys, accounts, identities):
        for row in rows(connection, table, tenant, role=Role.STUDENT, user=student):
            yield {"kind": table.name, "created_at": instant(row.created_at).isoformat()}


def _parts_about(value: Any, student: str) -> Iterator[Any]:
    """The parts of a document that are about the student: objects that name them."""
    if isinstance(value, dict):
        if student in value.values():
            yield value
        for name, inner in value.items():
            yield from [{name: inner}] if name == student else _parts_about(inner, student)
    elif isinstance(value, list):
        for inner in value:
            if inner == student:
                yield {"named": student}
            else:
                yield from _parts_about(inner, student)
