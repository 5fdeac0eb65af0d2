"""The log of answers: added to, never changed. What they count for is settled when it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, exists, func, insert, select

from engine.curriculum import Curriculum
from engine.errors import Conflict, Fault, InvalidInput
from engine.responses import Response

from .events import (
    FUTURE_ALLOWED,
    NewEvent,
    Outcome,
    Row,
    content_of,
    counted_skills,
    differences,
    event_faults,
)
from .facts import Facts
from .identifiers import check_ids
from .instants import MICROSECOND, instant, microseconds
from .schema import enrolments, events
from .schema import facts as fact_rows

if TYPE_CHECKING:
    import pandas as pd

EVENTS_A_QUERY = 5000  # ids looked up at once; SQLite takes 32,766 values in one statement
SHOWN_FAULTS = 20
RESPONSE_COLUMNS = ("id", "student", "skills", "item", "correct", "occurred_at", "activity")
CONTENT = [
    column
    for column in events.columns
    if column.name not in ("sequence", "tenant", "received_at", "quarantined")
]


class BulkTally(NamedTuple):
    """How many events of a bulk load went which way; `unmapped` are counted in the others too."""

    accepted: int
    duplicate: int
    quarantined: int
    unmapped: int


class Log(Facts):
    """The answers of every tenant, in order of arrival, idempotent by (tenant, event id).

    It knows the facts, for an answer counts by what the curriculum says of its item and skills.
    """

    def append(self, tenant: str, events: Sequence[NewEvent], now: datetime) -> list[Outcome]:
        """What became of each event, in their order; what is accepted has reached the disk.

        Nothing is kept of the batch if the process dies before the call returns, or all of it.
        """
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        with self._database.writing() as connection:
            curriculum = self.curriculum_at(connection, tenant)
            return [
                outcome
                for batch in _batches(events)
                for outcome in _append(connection, tenant, batch, moment, curriculum)
            ]

    def append_many(self, tenant: str, events: Iterable[NewEvent], now: datetime) -> BulkTally:
        """All events are kept, or none. Meant for files: ten thousands of events a second.

        Raises `InvalidInput` for events that would be rejected, `Conflict` for ids already taken
        by other content; both name the events.
        """
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        tally: Counter[str] = Counter()
        with self._database.writing() as connection:
            curriculum = self.curriculum_at(connection, tenant)
            for batch in _batches(events):
                outcomes = _append(connection, tenant, batch, moment, curriculum)
                _refuse(outcomes)
                tally.update(outcome.status for outcome in outcomes)
                tally["unmapped"] += sum(outcome.unmapped for outcome in outcomes)
        return BulkTally(**{name: tally[name] for name in BulkTally._fields})

    def responses(
        self, tenant: str, students: Sequence[str], *, as_of: datetime | None = None
    ) -> dict[str, list[Response]]:
        """The counting answers of each student, ordered by (occurred_at, id).

        Those up to and including `as_of`, where it is given. Answers whose item or skills the
        curriculum does not know, and those in quarantine, do not count.
        """
        check_ids("student", *students)
        wanted = list(dict.fromkeys(students))
        found: dict[str, list[Response]] = {student: [] for student in wanted}
        with self._database.reading() as connection:
            curriculum = self.curriculum_at(connection, tenant)
            for start in range(0, len(wanted), EVENTS_A_QUERY):
                some = wanted[start : start + EVENTS_A_QUERY]
                for response in _responses(connection, tenant, some, as_of, curriculum):
                    found[response.student].append(response)
        return found

    def all_responses_frame(self, tenant: str) -> pd.DataFrame:
        """Every answer to train on: student, skill, correct, item, time, event, class, activity.

        Ordered by (student, time, event). Unlike `responses` it keeps answers that name skills
        which the curriculum lacks: a model can be fitted before there is a curriculum.
        """
        from .frames import FRAME_COLUMNS, frame_of  # pandas: half a second no server should pay

        columns = [events.c[name] for name in FRAME_COLUMNS]
        query = select(*columns).where(events.c.tenant == tenant, ~events.c.quarantined)
        ordered = query.order_by(events.c.student, events.c.occurred_at, events.c.id)
        with self._database.reading() as connection:
            curriculum = self.curriculum_at(connection, tenant)
            return frame_of(connection.execute(ordered), curriculum)

    def known_student(self, tenant: str, id: str) -> bool:
        """Whether the student is on the roster, sits in a class or has answered anything."""
        check_ids("student", id)
        on_roster = exists().where(
            fact_rows.c.tenant == tenant,
            fact_rows.c.kind == "students",
            fact_rows.c.id == id,
            ~fact_rows.c.deleted,
        )
        seated = exists().where(enrolments.c.tenant == tenant, enrolments.c.student == id)
        answered = exists().where(events.c.tenant == tenant, events.c.student == id)
        with self._database.reading() as connection:
            return bool(connection.scalar(select(on_roster | seated | answered)))

    def last_sequence(self, tenant: str) -> int:
        """The number of the tenant's last event in the order of arrival; 0 before the first."""
        query = select(func.max(events.c.sequence)).where(events.c.tenant == tenant)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def last_sequence_of(self, tenant: str, students: Sequence[str]) -> dict[str, int]:
        """The number of each student's last event; 0 before the first.

        With `revision` it says whether anything that a student's beliefs rest on has changed.
        """
        check_ids("student", *students)
        last = dict.fromkeys(students, 0)
        query = (
            select(events.c.student, func.max(events.c.sequence))
            .where(events.c.tenant == tenant)
            .group_by(events.c.student)
        )
        wanted = list(last)
        with self._database.reading() as connection:
            for start in range(0, len(wanted), EVENTS_A_QUERY):
                some = events.c.student.in_(wanted[start : start + EVENTS_A_QUERY])
                last.update((row[0], row[1]) for row in connection.execute(query.where(some)))
        return last


def _batches(delivered: Iterable[NewEvent]) -> Iterator[list[NewEvent]]:
    waiting = iter(delivered)
    while batch := list(islice(waiting, EVENTS_A_QUERY)):
        yield batch


def _append(
    connection: Connection,
    tenant: str,
    batch: Sequence[NewEvent],
    now: int,
    curriculum: Curriculum,
) -> list[Outcome]:
    """The outcomes of a batch; those it keeps are inserted."""
    faults = [event_faults(event) for event in batch]
    sound = [event for event, wrong in zip(batch, faults, strict=True) if not wrong]
    kept = _kept(connection, tenant, [event.id for event in sound])
    added: list[Row] = []
    outcomes: list[Outcome] = []
    for event, wrong in zip(batch, faults, strict=True):
        if wrong:
            outcomes.append(Outcome(event.id, "rejected", "; ".join(map(str, wrong))))
            continue
        content = content_of(event, now)
        before = kept.get(event.id)
        if before is None:
            kept[event.id] = row = _as_row(tenant, content, now)
            added.append(row)
        outcomes.append(_outcome(content, before, now, curriculum))
    if added:
        connection.execute(insert(events), added)
    return outcomes


def _kept(connection: Connection, tenant: str, ids: Sequence[str]) -> dict[str, Row]:
    """What the log already holds under these ids."""
    query = select(*CONTENT, events.c.quarantined)
    found = connection.execute(query.where(events.c.tenant == tenant, events.c.id.in_(ids)))
    names = list(found.keys())
    return {row.id: dict(zip(names, row, strict=True)) for row in found}


def _as_row(tenant: str, content: Row, now: int) -> Row:
    return {
        **content,
        "tenant": tenant,
        "received_at": now,
        "quarantined": _is_far_ahead(content, now),
    }


def _is_far_ahead(content: Row, now: int) -> bool:
    return bool(content["occurred_at"] > now + FUTURE_ALLOWED // MICROSECOND)


def _outcome(content: Row, before: Row | None, now: int, curriculum: Curriculum) -> Outcome:
    key = content["id"]
    unmapped = counted_skills(content["skills"], content["item"], curriculum) is None
    if before is not None:
        fields = differences(content, before)
        if fields:
            reason = f"another event is kept under this id: it differs in {', '.join(fields)}"
            return Outcome(key, "conflict", reason, unmapped)
        reason = "kept in quarantine, not counted" if before["quarantined"] else ""
        return Outcome(key, "duplicate", reason, unmapped)
    if _is_far_ahead(content, now):
        at = instant(content["occurred_at"]).isoformat()
        reason = f"occurred_at {at} is more than a day ahead: kept, not counted"
        return Outcome(key, "quarantined", reason, unmapped)
    return Outcome(key, "accepted", "", unmapped)


def _refuse(outcomes: Sequence[Outcome]) -> None:
    """Raises for the first events of a bulk load that cannot be kept."""
    rejected = [one for one in outcomes if one.status == "rejected"]
    if rejected:
        raise InvalidInput(
            Fault(f"event {one.id}", one.reason, "an event that can be kept")
            for one in rejected[:SHOWN_FAULTS]
        )
    clashes = [one for one in outcomes if one.status == "conflict"]
    if clashes:
        raise Conflict("\n".join(f"event {one.id}: {one.reason}" for one in clashes[:SHOWN_FAULTS]))


def _responses(
    connection: Connection,
    tenant: str,
    students: Sequence[str],
    as_of: datetime | None,
    curriculum: Curriculum,
) -> Iterator[Response]:
    columns = [events.c[name] for name in RESPONSE_COLUMNS]
    query = select(*columns).where(
        events.c.tenant == tenant, events.c.student.in_(students), ~events.c.quarantined
    )
    if as_of is not None:
        query = query.where(events.c.occurred_at <= microseconds(as_of, "as_of"))
    ordered = query.order_by(events.c.student, events.c.occurred_at, events.c.id)
    for id, student, named, item, correct, occurred_at, activity in connection.execute(ordered):
        skills = counted_skills(named, item, curriculum)
        if skills is not None:
            yield Response(id, student, skills, correct, instant(occurred_at), item, activity)
