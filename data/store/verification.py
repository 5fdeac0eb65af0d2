"""Whether the log is whole: every row is one that could have been written, none is missing.

Read slowly and plainly, by other code than answers requests: a fault in one shows in the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, select

from engine.errors import InvalidInput, Unavailable
from engine.responses import Response

from .catalogue import Catalogue
from .connection import Database, connect
from .events import decoded_skills
from .fact_rows import existing
from .instants import FIRST, LAST, instant
from .revision import NEWEST, revision
from .schema import decisions, enrolments, erasures, events, facts

SHOWN = 5  # faults of a check that are shown; all are counted


class Check(NamedTuple):
    """One thing that was looked at: how much of it there is, and what is wrong, at most `SHOWN`."""

    name: str
    looked_at: int
    wrong: int = 0
    faults: tuple[str, ...] = ()


def verify_store(url: str) -> list[Check]:
    """Every check of the database at the address, which is only read.

    Raises `Unavailable` for a database that cannot be read, or is not at this version's schema.
    """
    database = connect(url)
    try:
        return _verify(database)
    finally:
        database.close()


def _verify(database: Database) -> list[Check]:
    with database.overseeing() as connection:
        if revision(connection) != NEWEST:
            raise Unavailable(f"{database.place} is not at this version's schema: start it once")
        return [_run(name, check, connection) for name, check in CHECKS.items()]


def students_of(url: str, most: int) -> list[tuple[str, str]]:
    """Tenants and students with answers, the same ones each time: evenly spread over all."""
    database = connect(url)
    distinct = select(events.c.tenant, events.c.student).distinct().subquery()
    order = func.row_number().over(order_by=(distinct.c.tenant, distinct.c.student)).label("place")
    numbered = select(distinct, order).subquery()
    with database.overseeing() as connection:
        total = connection.scalar(select(func.count()).select_from(distinct)) or 0
        step = max(1, -(-total // most))
        query = select(numbered.c.tenant, numbered.c.student).where(numbered.c.place % step == 0)
        found = [(row.tenant, row.student) for row in connection.execute(query)]
    database.close()
    return found


def replayed(url: str, tenant: str, student: str) -> list[Response]:
    """A student's counting answers read from the bare rows: the slow way, for comparison."""
    database = connect(url)
    with database.overseeing() as connection:
        query = select(events).where(events.c.tenant == tenant, events.c.student == student)
        rows = [row for row in connection.execute(query) if not row.quarantined]
        course = _catalogue(connection, tenant).curriculum
    database.close()
    taken_back = {row.voids for row in rows if row.voids is not None}
    found = []
    for row in sorted(rows, key=lambda row: (row.occurred_at, row.id)):
        skills: tuple[str, ...] | None = None
        if row.skills is not None:
            named = decoded_skills(row.skills)
            skills = named if set(named) <= set(course.skills) else None
        elif row.item in course.items:
            skills = tuple(sorted(set(course.items[row.item].skills)))
        if skills and row.correct is not None and row.id not in taken_back:
            at = instant(row.occurred_at)
            found.append(Response(row.id, student, skills, row.correct, at, row.item, row.activity))
    return found


def _run(name: str, check: Callable[[Connection], Iterator[str]], connection: Connection) -> Check:
    looked_at, wrong, shown = 0, 0, []
    for fault in check(connection):
        looked_at += 1
        if fault:
            wrong += 1
            shown.append(fault)
            del shown[SHOWN:]
    return Check(name, looked_at, wrong, tuple(shown))


def _pages(connection: Connection) -> Iterator[str]:
    """The database's own check of its pages and indexes, where it has one."""
    if connection.dialect.name == "sqlite":
        for (state,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            yield "" if state == "ok" else str(state)


def _event_rows(connection: Connection) -> Iterator[str]:
    """Each event is one that the log would take in today."""
    query = select(events).order_by(events.c.sequence).execution_options(yield_per=10_000)
    for row in connection.execute(query):
        wrong = _event_fault(row)
        yield f"event {row.id!r} of {row.tenant!r}: {wrong}" if wrong else ""


def _event_fault(row: Row[Any]) -> str:
    if row.correct is None and row.voids is None:
        return "neither an answer nor a retraction"
    if row.correct is not None and not 0 <= row.correct <= 1:
        return f"correct is {row.correct}"
    if row.correct is not None and row.skills is None and row.item is None:
        return "neither skills nor an item"
    if not (FIRST <= row.occurred_at <= LAST and FIRST <= row.received_at <= LAST):
        return "a time that no calendar has"
    return _skills_fault(row.skills)


def _skills_fault(text: str | None) -> str:
    if text is None:
        return ""
    try:
        named = json.loads(text)
    except ValueError:
        return "skills that cannot be read"
    return "" if named and named == sorted(set(named)) else "skills that are not a sorted list"


def _gaps(connection: Connection) -> Iterator[str]:
    """No number is missing. PostgreSQL gives numbers out to writers who then fail: not there."""
    if connection.dialect.name != "sqlite":
        return
    following = func.lead(events.c.sequence).over(order_by=events.c.sequence).label("following")
    numbered = select(events.c.sequence, following).subquery()
    total = connection.scalar(select(func.count()).select_from(events)) or 0
    holes = select(numbered).where(numbered.c.following > numbered.c.sequence + 1)
    found = connection.execute(holes).all()
    missing = sum(row.following - row.sequence - 1 for row in found)
    erased = connection.scalar(select(func.sum(erasures.c.events))) or 0
    if missing > erased:  # students who were erased took their numbers with them
        for row in found:
            yield f"numbers {row.sequence + 1} to {row.following - 1} are missing"
    for _ in range(total - len(found)):
        yield ""


def _retractions(connection: Connection) -> Iterator[str]:
    """What takes an event back is of the same student."""
    taker = events.alias("taker")
    pairs = select(taker.c.tenant, taker.c.id, taker.c.student, events.c.student.label("other"))
    joined = pairs.join(
        events, and_(events.c.tenant == taker.c.tenant, events.c.id == taker.c.voids)
    )
    for row in connection.execute(joined):
        same = row.student == row.other
        yield "" if same else f"event {row.id!r} of {row.tenant!r} takes back another student's"


def _courses(connection: Connection) -> Iterator[str]:
    """Every tenant's curriculum is one that could be put today."""
    for tenant in connection.scalars(select(facts.c.tenant).distinct().order_by(facts.c.tenant)):
        try:
            _catalogue(connection, tenant)
        except InvalidInput as error:
            yield f"tenant {tenant!r}: {error}"
        else:
            yield ""


def _seats(connection: Connection) -> Iterator[str]:
    """Who sits where is what the classes say, to the student."""
    classes = select(facts).where(facts.c.kind == "classes", ~facts.c.deleted)
    said = {
        (row.tenant, row.id, student)
        for row in connection.execute(classes)
        for student in row.body["students"]
    }
    columns = (enrolments.c.tenant, enrolments.c.class_id, enrolments.c.student)
    kept = {tuple(row) for row in connection.execute(select(*columns))}
    for tenant, class_id, student in sorted(said | kept):
        seat = (tenant, class_id, student)
        at = f"student {student!r} in class {class_id!r} of {tenant!r}"
        if seat in said and seat in kept:
            yield ""
        else:
            yield f"{at}: {'not enrolled' if seat in said else 'not in the class'}"


def _answered(connection: Connection) -> Iterator[str]:
    """A decision reads back as an object, under its own id."""
    query = select(decisions).execution_options(yield_per=1000)
    for row in connection.execute(query):
        whole = isinstance(row.body, dict)
        yield "" if whole else f"{row.kind} {row.id!r} of {row.tenant!r} cannot be read"


def _catalogue(connection: Connection, tenant: str) -> Catalogue:
    kinds = facts.c.kind.in_(("skills", "objectives", "items", "activities"))
    query = existing(tenant).where(kinds).order_by(facts.c.sequence)
    rows = connection.execute(query)
    return Catalogue.of(0, ((row.kind, row.id, row.body) for row in rows))


CHECKS: dict[str, Callable[[Connection], Iterator[str]]] = {
    "pages of the database": _pages,
    "events of the log": _event_rows,
    "numbers of the log": _gaps,
    "retractions": _retractions,
    "curricula": _courses,
    "enrolments": _seats,
    "decisions": _answered,
}
