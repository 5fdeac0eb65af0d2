"""How independently a class works, measured from its log: no more than can be seen there.

Three things show without anybody being asked: whether students start by themselves, whether they
finish what they begin, and whether they use help when they need it and not otherwise. The fourth is
the teacher's own rating. What cannot be seen is left out, and said to be.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from .curriculum import Curriculum

TOGETHER = timedelta(minutes=30)
"""Students who answer within this of each other work at the same time."""
FEW = 0.25
"""Share of the class below which whoever works at a time works by themselves."""
FINISHED_WITHIN = timedelta(days=7)
"""What was begun longer ago than this was finished or was not."""
SEEN = timedelta(weeks=8)
"""How far back habits are looked for."""
PRIOR = 4.0
"""Occasions' worth of one half that each share starts from: a few occasions say little."""
LEAST = 10
"""Occasions below which nothing is said of the class."""


class Deed(NamedTuple):
    """One answer, as a habit shows in it. `hints`: None where the sender does not record them."""

    student: str
    at: datetime
    activity: str | None
    item: str | None
    correct: float
    hints: int | None


class Signal(NamedTuple):
    """A share between 0 and 1, and how many occasions it rests on."""

    share: float
    occasions: int


Signals = Mapping[str, Signal]
"""`started`, `finished` and `help`, those of them that the log shows."""


def signals(deeds: Iterable[Deed], curriculum: Curriculum, *, size: int, now: datetime) -> Signals:
    """What the log of a class of so many students shows of how it works.

    started   share of days with work on which a student began while fewer than a quarter of the
              class was at work within half an hour: by themselves, and not in a lesson
    finished  share of activities with two questions or more, begun a week ago or earlier, whose
              questions were all answered within a week
    help      of answers on a question that went wrong before, the share that was right or took a
              hint; of first answers that took hints, the share that was right with them
    """
    recent = sorted((d for d in deeds if now - d.at <= SEEN), key=lambda d: (d.at, d.student))
    seen = {
        "started": list(_started(recent, size)),
        "finished": list(_finished(recent, curriculum, now)),
        "help": list(_helped(recent)),
    }
    return {
        name: Signal((sum(some) + PRIOR / 2) / (len(some) + PRIOR), len(some))
        for name, some in seen.items()
        if len(some) >= LEAST
    }


def combined(found: Signals, rating: float | None) -> float | None:
    """Independence from 0 to 1: the mean of what is known, each counting alike; None of nothing.

    >>> combined({"started": Signal(0.2, 40), "help": Signal(0.6, 40)}, 0.7)
    0.5
    """
    known = [one.share for one in found.values()] + ([] if rating is None else [rating])
    return sum(known) / len(known) if known else None


def _started(deeds: Sequence[Deed], size: int) -> Iterator[bool]:
    """For each student and day with work: whether it began while the class was not at work."""
    times = [deed.at for deed in deeds]
    begun: set[tuple[str, object]] = set()
    for deed in deeds:
        day = deed.student, deed.at.date()
        if day in begun:
            continue
        begun.add(day)
        around = deeds[
            bisect_left(times, deed.at - TOGETHER) : bisect_right(times, deed.at + TOGETHER)
        ]
        others = {one.student for one in around} - {deed.student}
        yield len(others) < FEW * (size - 1)


def _finished(deeds: Iterable[Deed], curriculum: Curriculum, now: datetime) -> Iterator[bool]:
    """For each student and activity with several questions: whether all were answered in time."""
    answered: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for deed in deeds:
        activity = curriculum.activities.get(deed.activity or "")
        if activity is not None and len(activity.items) >= 2 and deed.item in activity.items:
            answered[deed.student, activity.id].append(deed)
    for (_, id), mine in answered.items():
        begun = mine[0].at
        if now - begun >= FINISHED_WITHIN:
            done = {one.item for one in mine if one.at - begun <= FINISHED_WITHIN}
            yield done >= set(curriculum.activities[id].items)


def _helped(deeds: Iterable[Deed]) -> Iterator[bool]:
    """For each occasion on which help was needed or taken: whether that was sensible."""
    wrong: set[tuple[str, str]] = set()
    for deed in deeds:
        if deed.item is None or deed.hints is None:
            continue
        again = (deed.student, deed.item) in wrong
        if again:
            yield deed.correct >= 1.0 or deed.hints > 0
        elif deed.hints > 0:
            yield deed.correct > 0.0
        if deed.correct < 1.0:
            wrong.add((deed.student, deed.item))
        else:
            wrong.discard((deed.student, deed.item))
