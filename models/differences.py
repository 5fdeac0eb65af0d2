"""How the students of one log differ: each one's start and speed, shrunk to what all are like.

Without it the log misleads: abler students hold more of everything, so what they learn fast looks
as if it needed whatever else they hold; and those who need many activities on a skill are the slow
ones, so activities that come late look as if they taught less.
"""

from __future__ import annotations

from math import lgamma
from typing import NamedTuple

import numpy as np

from engine.tables import Floats, Integers

SHAPES = np.array([2.0, 3.0, 4.5, 7.0, 12.0, 25.0, 80.0, 1e6])
"""Shapes of the gamma that speeds are drawn from: .7 to 0 of standard deviation."""
LEAST_SD, MOST_SD = 0.02, 2.0  # of the starts, in logits
STEPS, STEP = 4, 1.5  # of the climb to a student's start, none longer than that


class Differences(NamedTuple):
    """What one log says of its students.

    start, speed       [student] logits above the usual start; multiple of the usual speed, mean 1
    start_sd, shape    how much the starts differ; the gamma of the speeds
    """

    start: Floats
    speed: Floats
    start_sd: float
    shape: float


def alike(students: int) -> Differences:
    """Nobody differs, as far as is known yet."""
    return Differences(np.zeros(students), np.ones(students), 0.5, SHAPES[-1])


def speeds(lifted: Floats, expected: Floats) -> tuple[Floats, float]:
    """Each student's speed, and the shape under which the counts are likeliest.

    `lifted` is how often each learnt, `expected` how often they would have at the usual speed;
    counts are Poisson, speeds gamma with mean 1.

    >>> slow, usual, fast = speeds(np.array([4.0, 20.0, 40.0]), np.full(3, 20.0))[0]
    >>> bool(slow < usual < fast)
    True
    """
    shape = max(SHAPES, key=lambda one: _likely(lifted, expected, one))
    found = (lifted + shape) / (expected + shape)
    return np.asarray(found / found.mean()), float(shape)


def _likely(lifted: Floats, expected: Floats, shape: float) -> float:
    """The negative binomial's log-likelihood of the counts, but for what does not change."""
    found = sum(map(lgamma, lifted + shape)) + len(lifted) * (shape * np.log(shape) - lgamma(shape))
    return float(found - ((lifted + shape) * np.log(expected + shape)).sum())


def starts(
    student: Integers, usual: Floats, found: Floats, known: Differences
) -> tuple[Floats, float]:
    """Each student's start, and how much they differ.

    By strand: the student, the log-odds of the usual start, and how far up the ladder the student
    stood at first by all answers (0 to 1). A normal prior, its spread renewed by one round.
    """
    sd, shift = known.start_sd, known.start
    students = len(shift)
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-usual - shift[student]))
        slope = np.bincount(student, found - p, students) - shift / sd**2
        bend = np.bincount(student, p * (1.0 - p), students) + 1.0 / sd**2
        shift = shift + np.clip(slope / bend, -STEP, STEP)
    renewed = np.sqrt(np.mean(shift**2 + 1.0 / bend))
    return np.asarray(shift - shift.mean()), float(np.clip(renewed, LEAST_SD, MOST_SD))
