"""Records: what a student had done before each response, counted in one pass.

A *group* is a run of entries that belong together (a student with a skill, a student with an item,
all of a student), in the order they happened. Every number of an entry is of the group's earlier
entries alone, so nothing an answer says can reach the features that predict it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers

from ..sequences import group_starts


class Groups(NamedTuple):
    """Entries sorted into groups.

    order   [entry] the entries, one group after the other, each in the order it happened
    starts  [group + 1]
    """

    order: Integers
    starts: Integers


def grouped(student: Integers, key: Integers) -> Groups:
    """The entries of every (student, key), where `student` comes sorted and in time order.

    >>> grouped(np.array([0, 0, 0, 1]), np.array([7, 3, 7, 7])).order.tolist()
    [1, 0, 2, 3]
    """
    order = np.lexsort((key, student)).astype(np.int64)
    return Groups(order, group_starts(student[order], key[order]))


class Counts(NamedTuple):
    """[entry, window] right and wrong answers among the group's earlier entries."""

    right: Floats
    wrong: Floats


def windowed(groups: Groups, clock: Floats, correct: Floats, *, windows: Floats) -> Counts:
    """What each entry's group did within each window of its clock before it.

    An earlier entry counts where it is at most that much older: [entry], [window].

    >>> one = grouped(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    >>> windowed(one, np.array([0., 5., 6.]), np.array([1., 0., 1.]), windows=np.array([2., 9.]))
    Counts(right=array([[0., 0.], [0., 1.], [0., 1.]]), wrong=array([[0., 0.], [0., 0.], [1., 1.]]))
    """
    return Counts(*_windowed(groups.order, groups.starts, clock, correct, windows))


def faded(groups: Groups, correct: Floats, *, factor: float, rate: float, weight: float) -> Floats:
    """[entry] the share right of the group's earlier entries, each step back `factor` lighter.

    Starts as if `weight` entries had been right at `rate`. Source: Galyardt & Goldin (2015),
    Move your lamp post: Recent data reflects learner knowledge better than older data, JEDM 7(2).

    >>> one = grouped(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    >>> faded(one, np.array([1., 1., 0.]), factor=0.5, rate=0.5, weight=1.0)
    array([0.5 , 0.75, 0.8 ])
    """
    return np.asarray(_faded(groups.order, groups.starts, correct, factor, rate, weight))


def since_last(groups: Groups, clock: Floats) -> Floats:
    """[entry] the clock since the group's entry before it; infinite where there was none.

    >>> one = grouped(np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64))
    >>> since_last(one, np.array([3., 5.]))
    array([inf,  2.])
    """
    found = np.empty(len(clock))
    ordered = clock[groups.order]
    gaps = np.diff(ordered, prepend=np.nan)
    gaps[groups.starts[:-1]] = np.inf
    found[groups.order] = gaps
    return found


@njit(cache=True)
def _windowed(
    order: Integers, starts: Integers, clock: Floats, correct: Floats, windows: Floats
) -> tuple[Floats, Floats]:
    right = np.zeros((len(order), len(windows)))
    wrong = np.zeros((len(order), len(windows)))
    for group in range(len(starts) - 1):
        for w in range(len(windows)):
            oldest, rights, wrongs = starts[group], 0.0, 0.0
            for place in range(starts[group], starts[group + 1]):
                entry = order[place]
                while oldest < place and clock[entry] - clock[order[oldest]] > windows[w]:
                    rights -= correct[order[oldest]]
                    wrongs -= 1.0 - correct[order[oldest]]
                    oldest += 1
                right[entry, w] = max(rights, 0.0)  # fractions leave rounding behind
                wrong[entry, w] = max(wrongs, 0.0)
                rights += correct[entry]
                wrongs += 1.0 - correct[entry]
    return right, wrong


@njit(cache=True)
def _faded(
    order: Integers, starts: Integers, correct: Floats, factor: float, rate: float, weight: float
) -> Floats:
    found = np.empty(len(order))
    for group in range(len(starts) - 1):
        right, total = weight * rate, weight
        for place in range(starts[group], starts[group + 1]):
            entry = order[place]
            found[entry] = right / total
            right = factor * right + correct[entry] + (1.0 - factor) * weight * rate
            total = factor * total + 1.0 + (1.0 - factor) * weight
    return found
