"""What becomes of events as they arrive: compared with what the log holds, added to it, reported.

The same statements for one event and for a file's worth: looked up at once, inserted at once.
SQLite looks first, where it costs little; PostgreSQL inserts first (`landing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection, select

from engine.curriculum import Curriculum

from .erasures import REASON, erased_among
from .events import Arrival, Outcome, counted_skills, differences
from .instants import instant
from .landing import FIELDS, land
from .links import linked
from .lookups import among
from .postgres import name_tenant
from .schema import events

COLUMNS = [events.c[name] for name in FIELDS]
_INSERT_SQLITE = f"INSERT INTO events ({', '.join(FIELDS)}) VALUES ({', '.join('?' * len(FIELDS))})"
Kept = dict[str, Arrival]


def take_in(
    connection: Connection,
    tenant: str,
    arrivals: Sequence[Arrival],
    curriculum_at: Callable[[int | None], Curriculum],
) -> list[Outcome]:
    """The outcomes of one tenant's events, in their order; what is new is in the log.

    Also across senders: whoever comes second under an id is told what the first has kept there.
    `curriculum_at` gives the curriculum of a revision, or the one that the connection sees.
    """
    if not arrivals:
        return []
    if connection.dialect.name == "postgresql":
        landed = _landed(connection, tenant, arrivals, curriculum_at)
        return linked(connection, tenant, arrivals, landed)
    kept = _kept(connection, tenant, _mentioned(arrivals))
    gone = erased_among(connection, tenant, {arrival.student for arrival in arrivals})
    outcomes, added = _judged(arrivals, kept, curriculum_at(None), gone)
    insert_sqlite(connection, added)  # one writer at a time: nobody can have been faster
    return linked(connection, tenant, arrivals, outcomes)


def _landed(
    connection: Connection,
    tenant: str,
    arrivals: Sequence[Arrival],
    curriculum_at: Callable[[int | None], Curriculum],
) -> list[Outcome]:
    """As `take_in`, where others write at the same time: what is called new is what went in."""
    kept: Kept = {}
    adding: Sequence[Arrival] = arrivals
    if any(arrival.voids for arrival in arrivals):  # refused by what they point at: look first
        name_tenant(connection, tenant)
        kept = _kept(connection, tenant, _mentioned(arrivals))
        _, adding = _judged(arrivals, dict(kept), curriculum_at(None), frozenset())
    outcomes: list[Outcome] = []
    new, gone = frozenset[str](), frozenset[str]()
    while adding:
        landed = land(connection, tenant, adding)
        new, gone = new | landed.new, gone | landed.gone
        taken = {row.id for row in adding if row.student not in gone} - new
        kept |= _kept(connection, tenant, taken) if taken else {}
        curriculum = curriculum_at(landed.revision)
        outcomes, added = _judged(arrivals, dict(kept), curriculum, gone)
        # One is left where the first under its id was an erased student's, who is not let in.
        adding = [row for row in added if row.id not in new]
    return outcomes or _judged(arrivals, kept, curriculum_at(None), frozenset())[0]


def _mentioned(arrivals: Iterable[Arrival]) -> set[str]:
    """The ids of the events, and of those they take back."""
    pairs = [(arrival.id, arrival.voids) for arrival in arrivals]
    return {id for pair in pairs for id in pair if id is not None}


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


def insert_sqlite(connection: Connection, rows: Sequence[Arrival]) -> int:
    """The rows are in the log, as they are; how many."""
    if rows:  # with none the driver would take the statement as one without values
        connection.exec_driver_sql(_INSERT_SQLITE, list(rows))
    return len(rows)
