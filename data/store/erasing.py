"""A student erased for good: out of every table, and out of every version that names them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, update

from engine.errors import NotFound

from .audit import Deed, a_student, note
from .bodies import WISHES
from .connection import Connected
from .erasures import Erasure, digest, erasure_of, note_erasure
from .identifiers import check_ids
from .instants import microseconds
from .personal_rows import (
    NAMING,
    decisions_about_classes,
    delete_rows,
    recommendations_of,
    rows,
    versions_about,
)
from .postgres import lock_erasing, lock_tenant
from .principals import Principal, Role
from .schema import (
    accounts,
    concerns,
    decisions,
    enrolments,
    events,
    fact_history,
    facts,
    guardians,
    identities,
    keys,
    replies,
    resets,
    sessions,
    sign_ins,
    snapshots,
)
from .sqlite import leave_no_trace


class Erasing(Connected):
    """One student's data, taken out of every table."""

    def erase_student(
        self, tenant: str, student: str, now: datetime, *, by: Principal | None = None
    ) -> Erasure:
        """Nothing about the student is left, and nothing comes back: events that arrive later are
        rejected, a roster that names them is refused. Erasing again changes nothing.

        Other people's records stay: where a class or a grouping named the student, a mark that
        leads to nobody stands in their place, or nothing. Raises `NotFound` where nothing is known.
        """
        check_ids("student", student)
        moment = microseconds(now, "now")
        with self._database.writing(tenant) as connection, leave_no_trace(connection):
            lock_tenant(connection, tenant)
            lock_erasing(connection, tenant)
            before = erasure_of(connection, tenant, student)
            gone = _erase_events(connection, tenant, student)
            others = _erase_facts(connection, tenant, student)
            others += _erase_decisions(connection, tenant, student)
            if before is None and gone + others == 0:
                raise NotFound("student", student)
            _erase_credentials(connection, tenant, student)
            _erase_copies(connection, tenant, student)
            note_erasure(connection, tenant, student, moment, gone)
            about = a_student(tenant, student)
            note(connection, tenant, Deed.ERASE_STUDENT, moment, by=by, about=about)
        self._database.empty_log()
        return Erasure(before.erased_at if before else now, gone + (before.events if before else 0))

    def erasure(self, tenant: str, student: str) -> Erasure | None:
        """The erasure of a student; None for one who was not erased."""
        with self._database.reading(tenant) as connection:
            return erasure_of(connection, tenant, student)


def mark_of(tenant: str, student: str) -> str:
    """What stands for an erased student in the records of others.

    >>> mark_of("north", "ana")[:7]
    'erased-'
    """
    return f"erased-{digest(tenant, student)[:16]}"


def _erase_copies(connection: Connection, tenant: str, student: str) -> None:
    """What was worked out or said about the student, and any reply that could be given again."""
    theirs = snapshots.c.student == student
    connection.execute(delete(snapshots).where(snapshots.c.tenant == tenant, theirs))
    connection.execute(delete(replies).where(replies.c.tenant == tenant))


def _erase_events(connection: Connection, tenant: str, student: str) -> int:
    gone = delete(events).where(events.c.tenant == tenant, events.c.student == student)
    return connection.execute(gone).rowcount


def _erase_facts(connection: Connection, tenant: str, student: str) -> int:
    erased = 0
    for kind in WISHES:
        ids = {row.id for row in versions_about(connection, fact_history, tenant, kind, student)}
        for table in (facts, fact_history, concerns):
            for id in ids:
                erased += delete_rows(connection, table, tenant, kind=kind, id=id)
    for table in (facts, fact_history):
        erased += delete_rows(connection, table, tenant, kind="students", id=student)
        erased += _unseat(connection, table, tenant, student)
        erased += _mark(connection, table, tenant, student)
    erased += delete_rows(connection, enrolments, tenant, student=student)
    return erased + delete_rows(connection, guardians, tenant, student=student)


def _unseat(connection: Connection, table: Table, tenant: str, student: str) -> int:
    """No class names the student, in any of its versions."""
    changed = 0
    for row in rows(connection, table, tenant, kind="classes"):
        if student in row.body.get("students", ()):
            body = without(row.body, student)
            change = update(table).where(table.c.sequence == row.sequence)
            connection.execute(change.values(body=body))
            changed += 1
    return changed


def _mark(connection: Connection, table: Table, tenant: str, student: str) -> int:
    """No grouping, nor what is remembered of them, names the student, in any of its versions."""
    changed, mark = 0, mark_of(tenant, student)
    for kind in NAMING:
        for row in rows(connection, table, tenant, kind=kind):
            body = marked(row.body, student, mark)
            if body != row.body:
                change = update(table).where(table.c.sequence == row.sequence)
                connection.execute(change.values(body=body))
                changed += 1
    return changed


def _erase_decisions(connection: Connection, tenant: str, student: str) -> int:
    erased = 0
    for row in recommendations_of(connection, tenant, student):
        erased += delete_rows(connection, decisions, tenant, kind=row.kind, id=row.id)
    mark = mark_of(tenant, student)
    for row in decisions_about_classes(connection, tenant):
        body = marked(row.body, student, mark)
        if body != row.body:
            change = update(decisions).where(
                decisions.c.tenant == tenant, decisions.c.kind == row.kind, decisions.c.id == row.id
            )
            connection.execute(change.values(body=body))
            erased += 1
    return erased


def _erase_credentials(connection: Connection, tenant: str, student: str) -> None:
    """Nobody signs in as the student. Their family keeps its own credentials, and sees nobody."""
    names = [
        row.name for row in rows(connection, accounts, tenant, role=Role.STUDENT, user=student)
    ]
    for name in names:
        delete_rows(connection, resets, tenant, name=name)
    for table in (keys, sign_ins, sessions, accounts, identities):
        delete_rows(connection, table, tenant, role=Role.STUDENT, user=student)


def without(body: Mapping[str, Any], student: str) -> dict[str, Any]:
    """A class's body that does not name the student.

    >>> without({"students": ["ana", "ben"], "name": "7b"}, "ana")
    {'students': ['ben'], 'name': '7b'}
    """
    found = {**body, "students": [one for one in body["students"] if one != student]}
    if "enrolments" in found:
        found["enrolments"] = [one for one in found["enrolments"] if one["student"] != student]
    return found


def marked(value: Any, student: str, mark: str) -> Any:
    """A document in which the mark stands wherever the student's id did, as a value or as a name.

    >>> marked({"students": [{"student": "ana"}], "moves": {"ana": 1}}, "ana", "erased-1")
    {'students': [{'student': 'erased-1'}], 'moves': {'erased-1': 1}}
    """
    if isinstance(value, dict):
        return {
            mark if name == student else name: marked(inner, student, mark)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [marked(inner, student, mark) for inner in value]
    return mark if value == student else value
