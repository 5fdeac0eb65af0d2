"""What counts of each student's answers, kept in memory and held against the log at every use.

A log that is only added to makes this simple: as long as a student has as many events as when they
were last read, these are the same ones. That holds across processes, whatever order they commit in.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, select

from engine.curriculum import Curriculum
from engine.responses import Response

from .events import counted_skills
from .instants import instant
from .lookups import IDS, among_bound, listed
from .schema import events

COLUMNS = [
    events.c[name]
    for name in ("id", "student", "skills", "item", "correct", "occurred_at", "activity", "voids")
]
STUDENT, VOIDS = 1, 7  # places of these columns
MOST_RESPONSES = 40_000
"""Kept per process: some 15 MB, the last 400 answers of 100 students, say."""


class Stamp(NamedTuple):
    """What a history rests on: the same stamp, the same history.

    The newest event's number tells a student whose events were erased from one who began anew.
    """

    revision: int
    events: int
    newest: int


class History(NamedTuple):
    """The answers of a student that count, ordered by (occurred_at, id)."""

    stamp: Stamp
    responses: tuple[Response, ...]

    def until(self, moment: datetime | None) -> list[Response]:
        """Those up to and including a moment; all of them without one."""
        if moment is None:
            return list(self.responses)
        return [response for response in self.responses if response.occurred_at <= moment]


class Histories:
    """The histories used last, of every tenant, up to a bound; safe to use from many threads."""

    def __init__(self, most: int = MOST_RESPONSES) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], History] = OrderedDict()
        self._size = 0
        self._changing = threading.Lock()

    def of(
        self,
        connection: Connection,
        tenant: str,
        students: Sequence[str],
        *,
        curriculum: Curriculum,
        revision: int,
    ) -> dict[str, History]:
        """The history of each student as the connection sees it; read only where it has changed."""
        stamps = _stamps(connection, tenant, students, revision)
        found = {student: self._get(tenant, student, stamps[student]) for student in students}
        changed = [student for student, history in found.items() if history is None]
        if changed:
            responses = _responses(connection, tenant, changed, curriculum)
            for student in changed:
                found[student] = History(stamps[student], tuple(responses[student]))
            self._keep(tenant, {student: found[student] for student in changed})
        return {student: history for student, history in found.items() if history is not None}

    def _get(self, tenant: str, student: str, stamp: Stamp) -> History | None:
        if stamp.events == 0:
            return History(stamp, ())
        key = tenant, student
        with self._changing:
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                return None
            self._kept.move_to_end(key)
        return kept

    def _keep(self, tenant: str, histories: dict[str, Any]) -> None:
        with self._changing:
            for student, history in histories.items():
                before = self._kept.pop((tenant, student), None)
                self._kept[tenant, student] = history
                self._size += _weight(history) - (_weight(before) if before else 0)
            while self._size > self._most and self._kept:
                _, gone = self._kept.popitem(last=False)
                self._size -= _weight(gone)


def _weight(history: History) -> int:
    return 1 + len(history.responses)


def _stamps(
    connection: Connection, tenant: str, students: Sequence[str], revision: int
) -> dict[str, Stamp]:
    query = _stamp_query(connection.dialect.name)
    rows = connection.execute(query, {"tenant": tenant, IDS: listed(connection, students)})
    nothing = dict.fromkeys(students, Stamp(revision, 0, 0))
    return nothing | {student: Stamp(revision, count, newest) for student, count, newest in rows}


def _responses(
    connection: Connection, tenant: str, students: Sequence[str], curriculum: Curriculum
) -> dict[str, list[Response]]:
    query = _response_query(connection.dialect.name)
    result = connection.execute(query, {"tenant": tenant, IDS: listed(connection, students)})
    rows = result.cursor.fetchall() if result.cursor else []  # bare: a third of the time
    voided = {(row[STUDENT], row[VOIDS]) for row in rows if row[VOIDS] is not None}
    found: dict[str, list[Response]] = {student: [] for student in students}
    for response in counting(rows, voided, curriculum):
        found[response.student].append(response)
    return found


@lru_cache
def _stamp_query(dialect: str) -> Select[Any]:
    """Built once: putting a statement together takes longer than a small one runs."""
    return (
        select(events.c.student, func.count(), func.max(events.c.sequence))
        .where(events.c.tenant == bindparam("tenant"), among_bound(dialect, events.c.student))
        .group_by(events.c.student)
    )


@lru_cache
def _response_query(dialect: str) -> Select[Any]:
    return (
        select(*COLUMNS)
        .where(
            events.c.tenant == bindparam("tenant"),
            among_bound(dialect, events.c.student),
            ~events.c.quarantined,
        )
        .order_by(events.c.student, events.c.occurred_at, events.c.id)
    )


def counting(
    rows: Sequence[Any], voided: set[tuple[str, str]], curriculum: Curriculum
) -> Iterator[Response]:
    """The answers that are known to the curriculum and that nothing takes back."""
    of_item = curriculum.item_skills
    for id, student, named, item, correct, occurred_at, activity, _ in rows:
        if correct is None or (voided and (student, id) in voided):
            continue
        known = of_item.get(item or "") if named is None else None
        skills = known or counted_skills(named, item, curriculum)
        if skills is not None:
            yield Response(id, student, skills, correct, instant(occurred_at), item, activity)
