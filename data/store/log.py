"""The log of answers: added to, never changed. What they count for is settled when it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, exists, func, select

from engine.errors import Conflict, Fault, InvalidInput, Unavailable
from engine.responses import Response

from .arrivals import take_in
from .connection import Database
from .events import Arrival, NewEvent, Outcome, arrival_of, event_faults
from .facts import Facts
from .filling import fill
from .histories import Histories, History
from .identifiers import check_ids
from .instants import microseconds
from .postgres import ROWS_TO_SURVEY, survey
from .schema import enrolments, events
from .schema import facts as fact_rows
from .writer import Pending, Writer

if TYPE_CHECKING:
    import pandas as pd

EVENTS_A_QUERY = 5000  # of a file, looked up and inserted at once
SHOWN_FAULTS = 20


class BulkTally(NamedTuple):
    """How many events of a bulk load went which way; `unmapped` are counted in the others too."""

    accepted: int
    duplicate: int
    quarantined: int
    unmapped: int


class Delivery(NamedTuple):
    """Events of one tenant, each judged by itself: a row to write, or why it cannot be one."""

    tenant: str
    judged: tuple[Arrival | Outcome, ...]


class Log(Facts):
    """The answers of every tenant, in order of arrival, idempotent by (tenant, event id).

    It knows the facts, for an answer counts by what the curriculum says of its item and skills.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._arrivals: Writer[Delivery, list[Outcome]] = Writer(self._write_deliveries)
        self._histories = Histories()
        self._written = 0

    def append(self, tenant: str, events: Sequence[NewEvent], now: datetime) -> list[Outcome]:
        """What became of each event, in their order; what is accepted has reached the disk.

        Nothing is kept of the batch if the process dies before the call returns, or all of it.
        """
        return self.deliver(tenant, events, now).result()

    def deliver(
        self, tenant: str, events: Sequence[NewEvent], now: datetime
    ) -> Pending[list[Outcome]]:
        """What `append` returns, once it is known: what many senders deliver at the same time
        shares one wait for the disk."""
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        return self._arrivals.submit(Delivery(tenant, _judged(tenant, events, moment)))

    def append_many(self, tenant: str, events: Iterable[NewEvent], now: datetime) -> BulkTally:
        """All events are kept, or none. Meant for files: ten thousands of events a second.

        Raises `InvalidInput` for events that would be rejected, `Conflict` for ids already taken
        by other content; both name the events.
        """
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        tally: Counter[str] = Counter()
        with self._database.writing(tenant) as connection:
            curriculum = self.curriculum_at(connection, tenant)
            for batch in _batches(events):
                judged = _judged(tenant, batch, moment)
                _refuse([one for one in judged if isinstance(one, Outcome)])
                rows = [one for one in judged if isinstance(one, Arrival)]
                outcomes = take_in(connection, tenant, rows, lambda _: curriculum)
                _refuse(outcomes)
                tally.update(outcome.status for outcome in outcomes)
                tally["unmapped"] += sum(outcome.unmapped for outcome in outcomes)
        self._note_growth(tally["accepted"])
        return BulkTally(**{name: tally[name] for name in BulkTally._fields})

    def fill(self, tenant: str, arrivals: Iterable[Arrival]) -> int:
        """Rows made beforehand are a tenant's first, all or none: for measuring at scale."""
        check_ids("tenant", tenant)
        filled = fill(self._database, tenant, arrivals)
        self._note_growth(filled)
        return filled

    def responses(
        self, tenant: str, students: Sequence[str], *, as_of: datetime | None = None
    ) -> dict[str, list[Response]]:
        """The counting answers of each student, ordered by (occurred_at, id).

        Those up to and including `as_of`, where it is given. Answers whose item or skills the
        curriculum does not know, those that were taken back, and those in quarantine do not count.
        """
        if as_of is not None:
            microseconds(as_of, "as_of")
        found = self.histories(tenant, students)
        return {student: history.until(as_of) for student, history in found.items()}

    def histories(self, tenant: str, students: Sequence[str]) -> dict[str, History]:
        """The counting answers of each student with the stamp by which to tell whether they have
        changed: in one statement for any number of students, and a second where they have."""
        check_ids("student", *students)
        with self._database.reading(tenant) as connection:
            catalogue = self._catalogue(connection, tenant)
            return self._histories.of(
                connection,
                tenant,
                list(dict.fromkeys(students)),
                curriculum=catalogue.curriculum,
                revision=catalogue.revision,
            )

    def all_responses_frame(self, tenant: str) -> pd.DataFrame:
        """Every answer to train on: student, skill, correct, item, time, event, class, activity.

        Ordered by (student, time, event). Unlike `responses` it keeps answers that name skills
        which the curriculum lacks: a model can be fitted before there is a curriculum.
        """
        from .frames import FRAME_COLUMNS, frame_of  # pandas: half a second no server should pay

        columns = [events.c[name] for name in FRAME_COLUMNS]
        taker = events.alias()
        taken_back = exists().where(
            taker.c.tenant == tenant,
            taker.c.voids == events.c.id,
            taker.c.student == events.c.student,
            ~taker.c.quarantined,
        )
        query = select(*columns).where(
            events.c.tenant == tenant,
            ~events.c.quarantined,
            events.c.correct.is_not(None),
            ~taken_back,
        )
        ordered = query.order_by(events.c.student, events.c.occurred_at, events.c.id)
        with self._database.reading(tenant) as connection:
            curriculum = self.curriculum_at(connection, tenant)
            return frame_of(connection.execute(ordered), curriculum)

    def known_student(self, tenant: str, id: str) -> bool:
        """Whether the student is on the roster, sits in a class or has answered anything."""
        check_ids("student", id)
        with self._database.reading(tenant) as connection:
            return bool(connection.scalar(_known(), {"tenant": tenant, "student": id}))

    def last_sequence(self, tenant: str) -> int:
        """The number of the tenant's last event in the order of arrival; 0 before the first."""
        query = select(func.max(events.c.sequence)).where(events.c.tenant == tenant)
        with self._database.reading(tenant) as connection:
            return connection.scalar(query) or 0

    def count_events(self, tenant: str) -> int:
        """How many events of the tenant the log holds, whatever they count for."""
        query = select(func.count()).select_from(events).where(events.c.tenant == tenant)
        with self._database.reading(tenant) as connection:
            return connection.scalar(query) or 0

    def _write_deliveries(self, group: Sequence[Delivery]) -> list[list[Outcome]]:
        """What became of every event of each delivery, all of them in one transaction.

        Tenants are taken in one order everywhere, so that no two writers wait for each other.
        """
        written: dict[str, Iterator[Outcome]] = {}
        grown = 0
        with self._database.writing() as connection:
            for tenant in sorted({delivery.tenant for delivery in group}):
                rows = [
                    one
                    for delivery in group
                    if delivery.tenant == tenant
                    for one in delivery.judged
                    if isinstance(one, Arrival)
                ]
                curriculum_at = partial(self.curriculum_at, connection, tenant)
                written[tenant] = iter(take_in(connection, tenant, rows, curriculum_at))
                grown += len(rows)
        self._note_growth(grown)
        return [
            [one if isinstance(one, Outcome) else next(written[tenant]) for one in judged]
            for tenant, judged in group
        ]

    def _note_growth(self, rows: int) -> None:
        """The database is told once that the log is no longer small. It must not fail for that:
        what was written is on the disk, and its senders are to hear of it."""
        before, self._written = self._written, self._written + rows
        if before < ROWS_TO_SURVEY <= self._written:
            with suppress(Unavailable), self._database.writing() as connection:
                survey(connection)


@lru_cache
def _known() -> Select[Any]:
    """Whether anything tells of a student; built once, for that takes longer than it runs."""
    tenant: BindParameter[str] = bindparam("tenant")
    student: BindParameter[str] = bindparam("student")
    on_roster = exists().where(
        fact_rows.c.tenant == tenant,
        fact_rows.c.kind == "students",
        fact_rows.c.id == student,
        ~fact_rows.c.deleted,
    )
    seated = exists().where(enrolments.c.tenant == tenant, enrolments.c.student == student)
    answered = exists().where(events.c.tenant == tenant, events.c.student == student)
    return select(on_roster | seated | answered)


def _batches(delivered: Iterable[NewEvent]) -> Iterator[list[NewEvent]]:
    waiting = iter(delivered)
    while batch := list(islice(waiting, EVENTS_A_QUERY)):
        yield batch


def _judged(tenant: str, events: Iterable[NewEvent], now: int) -> tuple[Arrival | Outcome, ...]:
    """Each event as the row it will be, or as rejected, with everything that is wrong with it."""
    return tuple(_row_or_refusal(tenant, event, now) for event in events)


def _row_or_refusal(tenant: str, event: NewEvent, now: int) -> Arrival | Outcome:
    wrong = event_faults(event)
    if wrong:
        return Outcome(event.id, "rejected", "; ".join(map(str, wrong)))
    return arrival_of(event, tenant, now)


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
