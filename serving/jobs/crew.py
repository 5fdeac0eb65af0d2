"""What is believed of a whole district, worked out by several processes side by side.

One process reads who there is and keeps what the others find; each of those has some hundred
students at a time, and the next ones waiting. Nobody is idle, and no more is in memory than that.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from data.store import Standing, Store
from engine.beliefs import student_beliefs
from engine.bundle import Bundle, decode, encode
from engine.errors import TrellisError, Unavailable
from engine.responses import Response

from ..collecting import collect_seldom

STUDENTS_AT_ONCE = 200
AHEAD = 2  # pages that each process has been given and not answered
SECONDS_TO_END = 10.0

Page = tuple[Sequence[str], list[Standing]]
"""Students, and what is believed of each in every skill practised."""


class Found(NamedTuple):
    """What a process answers: beliefs, or why there are none."""

    rows: list[Standing]
    error: str | None = None


def standings(store: Store, tenant: str, bundle: Bundle) -> Iterator[Page]:
    """Students with answers, some at a time, in every skill practised: what a request would be
    answered. Worked out here, one after the other."""
    for students in pages_of(store, tenant):
        yield students, _believed(store, tenant, bundle, students)


def standings_side_by_side(
    store: Store, tenant: str, bundle: Bundle, *, url: str, processes: int
) -> Iterator[Page]:
    """The same pages in the same order, worked out by so many processes on the database at `url`.

    Raises `Unavailable` where one of them cannot go on.
    """
    with _crew(processes, url, tenant, encode(bundle)) as crew:
        yield from in_turn(crew, pages_of(store, tenant))


def pages_of(store: Store, tenant: str) -> Iterator[list[str]]:
    """All students with answers, in the order of their ids, some at a time."""
    after = ""
    while students := store.students_with_events(tenant, after=after, limit=STUDENTS_AT_ONCE):
        yield students
        after = students[-1]


def in_turn(crew: Sequence[Connection], pages: Iterable[Sequence[str]]) -> Iterator[Page]:
    """Each page with what one of the crew found, in the order of the pages."""
    waiting: deque[tuple[Connection, Sequence[str]]] = deque()
    for number, students in enumerate(pages):
        if len(waiting) == len(crew) * AHEAD:
            yield _answered(*waiting.popleft())
        one = crew[number % len(crew)]
        with _ended_is_said():
            one.send(list(students))
        waiting.append((one, students))
    while waiting:
        yield _answered(*waiting.popleft())


def _answered(one: Connection, students: Sequence[str]) -> Page:
    with _ended_is_said():
        found: Found = one.recv()
    if found.error is not None:
        raise Unavailable(found.error)
    return students, found.rows


@contextmanager
def _ended_is_said() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError):
        raise Unavailable("a process that worked out beliefs has ended") from None


@contextmanager
def _crew(processes: int, url: str, tenant: str, bundle: bytes) -> Iterator[list[Connection]]:
    """Processes that answer pages; they end with the block, and with the process that has it."""
    fresh = get_context("spawn")
    pipes = [fresh.Pipe() for _ in range(processes)]
    members = [
        fresh.Process(target=_work, args=(theirs, url, tenant, bundle)) for _, theirs in pipes
    ]
    for member, (_, theirs) in zip(members, pipes, strict=True):
        member.start()
        theirs.close()  # so that its end is known here, and ours there
    try:
        yield [ours for ours, _ in pipes]
    finally:
        for (ours, _), member in zip(pipes, members, strict=True):
            ours.close()
            member.join(SECONDS_TO_END)
            member.terminate()


def _work(asked: Connection, url: str, tenant: str, bundle: bytes) -> None:
    """Answers pages until nobody asks any more: the whole of a process's life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C: whoever asks ends, and so this does
    collect_seldom()
    model = decode(bundle)
    with suppress(EOFError, ConnectionError), Store.open(url) as store:
        while True:
            asked.send(_found(store, tenant, model, asked.recv()))


def _found(store: Store, tenant: str, bundle: Bundle, students: Sequence[str]) -> Found:
    try:
        return Found(_believed(store, tenant, bundle, students))
    except TrellisError as error:
        return Found([], str(error))


def _believed(store: Store, tenant: str, bundle: Bundle, students: Sequence[str]) -> list[Standing]:
    answers = store.responses(tenant, students)
    return [row for one in students for row in _standings(one, answers[one], bundle)]


def _standings(student: str, answers: list[Response], bundle: Bundle) -> Iterator[Standing]:
    for skill, b in sorted(student_beliefs(answers, bundle).items()):
        yield Standing(student, skill, b.p_mastery, b.low, b.high, b.n, b.state)
