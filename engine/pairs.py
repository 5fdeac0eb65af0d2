"""The order of responses: which skill came just before, and whether that answer was right.

A pair is an ordered pair of skills with the outcome of the first: three numbers, (before, now,
right). A response right after another skill may be easier or harder than alone: steps of one
exercise follow each other, and what helped or went wrong in one carries over to the next.
"""

from __future__ import annotations

import numpy as np

from .history import History
from .tables import Integers


def pairs_of(history: History) -> tuple[Integers, Integers]:
    """The pairs that occur, [pair, 3], and each response's row among them, [event]; a student's
    first response has the row after the last.

    >>> two = np.array([0, 1])
    >>> pairs_of(History(np.array([0, 2]), two, two, np.ones(2), np.zeros(2)))
    (array([[0, 1, 1]]), array([1, 0]))
    """
    skill, events = history.skill, len(history.skill)
    skills = int(skill.max(initial=-1)) + 1
    later = np.ones(events, dtype=np.bool_)
    later[history.starts[:-1][np.diff(history.starts) > 0]] = False
    at = np.flatnonzero(later)
    right = (history.correct[at - 1] > 0.5).astype(np.int64)
    met, place = np.unique(coded(skill[at - 1], skill[at], right, skills), return_inverse=True)
    pair = np.full(events, len(met), dtype=np.int64)
    pair[at] = place
    ordered, right = np.divmod(met, 2)
    return np.stack([*np.divmod(ordered, max(skills, 1)), right], axis=1).astype(np.int64), pair


def coded(before: Integers, now: Integers, right: Integers, skills: int) -> Integers:
    """One number for each pair of these many skills."""
    return np.asarray((before * skills + now) * 2 + right)
