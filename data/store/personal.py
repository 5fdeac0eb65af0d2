"""All that is kept about one student: given out whole, or erased for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update

from engine.errors import NotFound

from .audit import Deed, a_student, audit_of_student, note
from .bodies import WISHES
from .connection import Connected
from .erasures import Erasure, digest, erasure_of, note_erasure
from .events import decoded_skills
from .fact_rows import stored
from .identifiers import check_ids
from .instants import instant, microseconds
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

Found = dict[str, Any]
NAMING = ("groupings", "group_records", "workshop_seats")
"""Kinds of facts about a class that name its students."""
ABOUT_CLASSES = ("grouping", "session_plan")
"""Kinds of decisions that name the students of a class."""
INTERNAL = ("sequence", "tenant")


class Personal(Connected):
    """One student's data, gathered from every table or taken out of every table."""

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


def _erase_copies(connection: Connection, tenant: str, student: str) -> None:
    """What was worked out or said about the student, and any reply that could be given again."""
    theirs = snapshots.c.student == student
    connection.execute(delete(snapshots).where(snapshots.c.tenant == tenant, theirs))
    connection.execute(delete(replies).where(replies.c.tenant == tenant))


def mark_of(tenant: str, student: str) -> str:
    """What stands for an erased student in the records of others.

    >>> mark_of("north", "ana")[:7]
    'erased-'
    """
    return f"erased-{digest(tenant, student)[:16]}"


def _facts_of(connection: Connection, tenant: str, student: str) -> Found:
    own = _rows(connection, facts, tenant, kind="students", id=student)
    past = _rows(connection, fact_history, tenant, kind="students", id=student)
    seats = _rows(connection, enrolments, tenant, student=student)
    found = {
        "student": [stored(row.id, row.body, row.version, row.updated_at) for row in own],
        "earlier": [stored(row.id, row.body, row.version, row.written_at) for row in past],
        "classes": [row.class_id for row in seats],
        **{kind: [*_wishes_of(connection, tenant, kind, student)] for kind in WISHES},
    }
    return found if any(found.values()) else {}


def _wishes_of(connection: Connection, tenant: str, kind: str, student: str) -> Iterator[Found]:
    """Every version of the goals or overrides that are about the student."""
    for row in _about(connection, fact_history, tenant, kind, student):
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
    advice = _recommendations(connection, tenant, student)
    kept = _about_classes(connection, tenant)
    changed = (_rows(connection, facts, tenant, kind=kind) for kind in NAMING)
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
        for row in _rows(connection, table, tenant, role=Role.STUDENT, user=student):
            yield {"kind": table.name, "created_at": instant(row.created_at).isoformat()}


def _erase_events(connection: Connection, tenant: str, student: str) -> int:
    gone = delete(events).where(events.c.tenant == tenant, events.c.student == student)
    return connection.execute(gone).rowcount


def _erase_facts(connection: Connection, tenant: str, student: str) -> int:
    erased = 0
    for kind in WISHES:
        ids = {row.id for row in _about(connection, fact_history, tenant, kind, student)}
        for table in (facts, fact_history, concerns):
            for id in ids:
                erased += _delete(connection, table, tenant, kind=kind, id=id)
    for table in (facts, fact_history):
        erased += _delete(connection, table, tenant, kind="students", id=student)
        erased += _unseat(connection, table, tenant, student)
        erased += _mark(connection, table, tenant, student)
    erased += _delete(connection, enrolments, tenant, student=student)
    return erased + _delete(connection, guardians, tenant, student=student)


def _unseat(connection: Connection, table: Table, tenant: str, student: str) -> int:
    """No class names the student, in any of its versions."""
    changed = 0
    for row in _rows(connection, table, tenant, kind="classes"):
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
        for row in _rows(connection, table, tenant, kind=kind):
            body = marked(row.body, student, mark)
            if body != row.body:
                change = update(table).where(table.c.sequence == row.sequence)
                connection.execute(change.values(body=body))
                changed += 1
    return changed


def _erase_decisions(connection: Connection, tenant: str, student: str) -> int:
    erased = 0
    for row in _recommendations(connection, tenant, student):
        erased += _delete(connection, decisions, tenant, kind=row.kind, id=row.id)
    mark = mark_of(tenant, student)
    for row in _about_classes(connection, tenant):
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
        row.name for row in _rows(connection, accounts, tenant, role=Role.STUDENT, user=student)
    ]
    for name in names:
        _delete(connection, resets, tenant, name=name)
    for table in (keys, sign_ins, sessions, accounts, identities):
        _delete(connection, table, tenant, role=Role.STUDENT, user=student)


def without(body: Mapping[str, Any], student: str) -> Found:
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


def _about_classes(connection: Connection, tenant: str) -> list[Row[Any]]:
    """The decisions about whole classes, which name their students."""
    return [
        row for kind in ABOUT_CLASSES for row in _rows(connection, decisions, tenant, kind=kind)
    ]


def _recommendations(connection: Connection, tenant: str, student: str) -> Sequence[Row[Any]]:
    query = select(decisions).where(
        decisions.c.tenant == tenant,
        decisions.c.kind == "recommendation",
        decisions.c.body["student"].as_string() == student,
    )
    return connection.execute(query).all()


def _about(
    connection: Connection, table: Table, tenant: str, kind: str, student: str
) -> Sequence[Row[Any]]:
    query = select(table).where(
        table.c.tenant == tenant,
        table.c.kind == kind,
        table.c.body["student"].as_string() == student,
    )
    return connection.execute(query.order_by(table.c.id, table.c.version)).all()


def _rows(connection: Connection, table: Table, tenant: str, **columns: str) -> Sequence[Row[Any]]:
    query = select(table).where(table.c.tenant == tenant)
    return connection.execute(
        query.where(*(table.c[name] == value for name, value in columns.items()))
    ).all()


def _delete(connection: Connection, table: Table, tenant: str, **columns: str) -> int:
    gone = delete(table).where(table.c.tenant == tenant)
    return connection.execute(
        gone.where(*(table.c[name] == value for name, value in columns.items()))
    ).rowcount
