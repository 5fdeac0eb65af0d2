"""Students drawn again: how much a number would move if other students had been there.

A student's responses hang together, so whole students are drawn, with replacement, and every model
is judged on the same draws. What is held fixed is the fit: the intervals say nothing about how
another training set would have turned out.

Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13 (percentiles); Field
& Welsh (2007), Bootstrapping clustered data, JRSS B 69(3).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REPLICATES = 1000
LEVEL = 0.95


class Interval(NamedTuple):
    """From the lower to the upper percentile of a bootstrap."""

    low: float
    high: float


def resampled(students: int, *, replicates: int, rng: np.random.Generator) -> Integers:
    """How often each student is drawn, [replicate, student]; every row adds up to all of them.

    >>> resampled(3, replicates=2, rng=np.random.default_rng(0)).sum(axis=1).tolist()
    [3, 3]
    """
    even = np.full(students, 1.0 / students)
    return rng.multinomial(students, even, size=replicates).astype(np.int64)


def interval(values: Floats, *, level: float = LEVEL) -> Interval:
    """The middle `level` of the values; of those that are numbers, NaN where none is.

    >>> interval(np.arange(5.0), level=0.5)
    Interval(low=1.0, high=3.0)
    """
    there = values[~np.isnan(values)]
    if len(there) == 0:
        return Interval(float("nan"), float("nan"))
    tail = (1.0 - level) / 2.0
    return Interval(*map(float, np.quantile(there, [tail, 1.0 - tail])))


def resampled_auc(predicted: Floats, correct: Floats, student: Integers, drawn: Integers) -> Floats:
    """The AUC of every replicate, [replicate], each response counted as often as its student.

    Exact, ties counting half: sorted once, then one pass for each replicate.

    >>> once = np.array([[1, 1]])
    >>> resampled_auc(np.array([.1, .4, .4, .8]), np.array([0., 0, 1, 1]), np.array([0, 0, 1, 1]),
    ...               once)
    array([0.875])
    """
    order = np.argsort(predicted, kind="stable")
    ordered = predicted[order]
    ends = np.append(ordered[1:] != ordered[:-1], True)
    return np.asarray(_auc(correct[order], student[order], ends, drawn))


def resampled_mean(values: Floats, student: Integers, drawn: Integers) -> Floats:
    """The mean over responses of every replicate, [replicate]."""
    students = drawn.shape[1]
    total = np.bincount(student, weights=values, minlength=students)
    return np.asarray(drawn @ total / (drawn @ np.bincount(student, minlength=students)))


@njit(cache=True)
def _auc(correct: Floats, student: Integers, ends: NDArray[np.bool_], drawn: Integers) -> Floats:
    found = np.empty(len(drawn))
    for replicate in range(len(drawn)):
        all_right = below = right = wrong = won = 0.0
        for i in range(len(correct)):
            weight = drawn[replicate, student[i]]
            right += weight * correct[i]
            wrong += weight * (1.0 - correct[i])
            if ends[i]:  # everything of this prediction is counted
                won += right * (below + 0.5 * wrong)
                all_right, below = all_right + right, below + wrong
                right = wrong = 0.0
        pairs = all_right * below
        found[replicate] = won / pairs if pairs > 0.0 else np.nan
    return found
