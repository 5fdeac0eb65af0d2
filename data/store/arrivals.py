"""What becomes of events as they arrive: compared with what the log holds, added to it, reported.

The same statements for one event and for a file's worth: looked up at once, inserted at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from engine.curriculum import Curriculum

from .erasures import REASON, erased_among
from .events import Arrival, Outcome, counted_skills, differences
from .instants import instant
from .lookups import among
from .postgres import lock_erasing
from .schema import events

FIELDS = Arrival._fields
COLUMNS = [events.c[name] for name in FIELDS]
POSTGRES_ARRAYS = {
    "correct": "float8",
    "dated": "boolean",
    "quarantined": "boolean",
    "hints": "integer",
    "attempt": "integer",
    **dict.fromkeys(("occurred_at", "clock_offset", "response_ms", "received_at"), "bigint"),
}
"""Types of the columns that are not text."""
_NAMES = ", ".join(FIELDS)
_ARRAYS = ", ".join(f"%s::{POSTGRES_ARRAYS.get(name, 'text')}[]" for name in FIELDS)
_INSERT_SQLITE = f"INSERT INTO events ({_NAMES}) VALUES ({', '.join('?' * len(FIELDS))})"
_INSERT_POSTGRES = (
    f"INSERT INTO events ({_NAMES}) SELECT * FROM unnest({_ARRAYS}) "
    "ON CONFLICT (tenant, id) DO NOTHING RETURNING id"
)

Kept = dict[str, Arrival]


def take_in(
    connection: Connection, arrivals: Sequence[Arrival], curriculum: Curriculum
) -> list[Outcome]:
    """The outcomes of one tenant's events, in their order; what is new is in the log.

    Also across senders: whoever comes second under an id is told what the first has kept there.
    """
    tenant = arrivals[0].tenant if arrivals else ""
    wanted = {arrival.id for arrival in arrivals} | {a.voids for a in arrivals if a.voids}
    kept = _kept(connection, tenant, wanted)
    lock_erasing(connection, tenant, alone=False)
    gone = erased_among(connection, tenant, {arrival.student for arrival in arrivals})
    outcomes, added = _judged(arrivals, dict(kept), curriculum, gone)
    overtaken = {row.id for row in added} - _insert(connection, added)
    if overtaken:  # by another process, since we looked
        kept |= _kept(connection, tenant, overtaken)
        outcomes, _ = _judged(arrivals, {**kept}, curriculum, gone)
    return outcomes


def _kept(connection: Connection, tenant: str, ids: Iterable[str]) -> Kept:
    """What the log holds under these ids."""
    query = select(*COLUMNS).where(
        events.c.tenant == tenant, among(connection, events.c.id, list(ids))
    )
    return {row.id: Arrival(*row) for row in connection.execute(query)}


def _judged(
    arrivals: Sequence[Arrival], kept: Kept, curriculum: Curriculum, gone: frozenset[str]
) -> tuple[list[Outcome], list[Arrival]]:
    """What becomes of each, and those that are new; a batch is held against itself too."""
    outcomes: list[Outcome] = []
    added: list[Arrival] = []
    for arrival in arrivals:
        if arrival.student in gone:
            outcomes.append(Outcome(arrival.id, "rejected", REASON))
            continue
        before = kept.get(arrival.id)
        outcome = _again(arrival, before) if before else _first(arrival, kept)
        if outcome.status in ("accepted", "quarantined"):
            kept[arrival.id] = arrival
            added.append(arrival)
        unmapped = outcome.status != "rejected" and _waits(arrival, kept, curriculum)
        outcomes.append(outcome._replace(unmapped=unmapped) if unmapped else outcome)
    return outcomes, added


def _again(arrival: Arrival, before: Arrival) -> Outcome:
    fields = differences(arrival, before)
    if fields:
        reason = f"another event is kept under this id: it differs in {', '.join(fields)}"
        return Outcome(arrival.id, "conflict", reason)
    reason = "kept in quarantine, not counted" if before.quarantined else ""
    return Outcome(arrival.id, "duplicate", reason)


def _first(arrival: Arrival, kept: Kept) -> Outcome:
    voided = kept.get(arrival.voids) if arrival.voids else None
    if voided is not None and voided.student != arrival.student:
        reason = f"voids: got {arrival.voids!r}, expected an event of the same student"
        return Outcome(arrival.id, "rejected", reason)
    if arrival.quarantined:
        at = instant(arrival.occurred_at).isoformat()
        reason = f"occurred_at {at} is more than a day ahead: kept, not counted"
        return Outcome(arrival.id, "quarantined", reason)
    return Outcome(arrival.id, "accepted")


def _waits(arrival: Arrival, kept: Kept, curriculum: Curriculum) -> bool:
    """Whether it counts only once something else is known."""
    if arrival.voids is not None and arrival.voids not in kept:
        return True
    if arrival.correct is None:
        return False
    return counted_skills(arrival.skills, arrival.item, curriculum) is None


def _insert(connection: Connection, rows: Sequence[Arrival]) -> set[str]:
    """The ids of those that went in: all of them, unless another process was faster."""
    if not rows:
        return set()
    if connection.dialect.name == "sqlite":  # one writer at a time: nobody can have been faster
        insert_sqlite(connection, rows)
        return {row.id for row in rows}
    # In one order whoever inserts, so that two who insert the same ids wait in line, not in a ring.
    columns = tuple(map(list, zip(*sorted(rows, key=_by_id), strict=True)))
    return set(connection.exec_driver_sql(_INSERT_POSTGRES, columns).scalars())


def insert_sqlite(connection: Connection, rows: Sequence[Arrival]) -> int:
    """The rows are in the log, as they are; how many."""
    connection.exec_driver_sql(_INSERT_SQLITE, list(rows))
    return len(rows)


def _by_id(row: Arrival) -> str:
    return row.id
