"""Skills with histories too one-sided for probabilities: fitted again, in logarithms.

Some hundred right answers in a row make "not mastered" less likely than the smallest number there
is. The trie gives such a state up; then a hundred wrong answers cannot bring it back, and the
likelihood it climbs is not the true one. The event kernel goes on in logarithms (`models.far`), so
skills where this can matter are climbed once more by events.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from engine.tables import Floats, Integers, classic_indexed

from .ascent import Ascent
from .coordinates import Coordinates
from .curvature import covariance_of
from .expectation import lost, scratch_for
from .fitting import DIFFERENCE, Fit
from .objective import Objective
from .sequences import Sequences
from .starts import SHAPES
from .trie import Tries

LONG_WAY = 250
"""Answers that one side is ahead of the other, at some time in a history, from which a state may be
lost: each moves the odds by less than ten times under parameters that mean anything."""

AGREE = 1e-9  # of a log-likelihood: less is rounding


def exact(found: Fit, tries: Tries, sequences: Sequences, goal: Objective) -> Fit:
    """The fit, with the skills that the trie cannot follow climbed again event by event."""
    far = _one_sided(sequences.order, sequences.starts, sequences.skill_starts, sequences.given)
    near = lost(tries, found.parameters, scratch_for(tries))
    for skill in np.flatnonzero(far | near).tolist():
        own = goal.of(np.array([skill]))
        ascent = _ascent(sequences, own, skill)
        # where only this top gives a state up, and no answer ever asks for it, nothing is wrong
        if far[skill] or not _right(ascent, found, skill):
            _replace(found, skill, _climbed(ascent, found, own, skill))
    return found


class _Again(NamedTuple):
    parameters: Floats
    log_likelihood: float
    covariance: Floats
    gradient: float
    converged: bool


def _replace(found: Fit, skill: int, again: _Again) -> None:
    for name, value in again._asdict().items():
        getattr(found, name)[skill] = value


def _ascent(sequences: Sequences, goal: Objective, skill: int) -> Ascent:
    """The climb of one skill, event by event."""
    first, last = sequences.skill_starts[skill : skill + 2]
    starts = sequences.starts[first : last + 1]
    correct = sequences.correct[sequences.order[starts[0] : starts[-1]]]
    indexed = classic_indexed(starts - starts[0], np.zeros(last - first, dtype=np.int64), correct)
    return Ascent(indexed, np.array([0, last - first]), _alone(goal))


def _right(ascent: Ascent, found: Fit, skill: int) -> bool:
    """Whether the likelihood that the trie found for a skill is the true one."""
    true = ascent.counted(found.parameters[skill], np.zeros(1, dtype=np.int64))[0][0]
    return bool(abs(true - found.log_likelihood[skill]) <= AGREE * abs(true))


def _climbed(ascent: Ascent, found: Fit, goal: Objective, skill: int) -> _Again:
    """The higher of two tops: climbed to from where the trie led, and from the textbook's skill."""
    coordinates = ascent.coordinates
    begin = (goal.within(found.parameters[skill]), goal.within(SHAPES[0]))
    tops = [ascent.climb(np.ravel(one)) for one in begin]
    top, arrived = max(tops, key=lambda one: float(one[0].height[0]))
    values = coordinates.values(top.logits)
    hessian = ascent.information(top, np.arange(5), DIFFERENCE)
    return _Again(
        parameters=values,
        log_likelihood=float(ascent.counted(values, np.zeros(1, dtype=np.int64))[0][0]),
        covariance=covariance_of(hessian, goal.free.reshape(1, 5))[0],
        gradient=float(ascent.steepness(top)[0]),
        converged=bool(arrived[0]),
    )


def _alone(goal: Objective) -> Coordinates:
    """One skill without rows of its own, under the priors of classic BKT."""
    one = np.zeros(1, dtype=np.int64)
    return Coordinates(
        sizes=(1, 1, 1, 1, 1),
        owner=np.zeros(5, dtype=np.int64),
        successes=goal.successes,
        failures=goal.failures,
        lower=goal.lower,
        upper=goal.upper,
        given=goal.fixed.reshape(5),
        learn_of=one,
        forget_of=one,
    )


@njit(cache=True)
def _one_sided(
    order: Integers, starts: Integers, skill_starts: Integers, given: NDArray[Any]
) -> NDArray[np.bool_]:
    """Which skills have a history in which one kind of answer gets far ahead, [skill]."""
    found = np.zeros(len(skill_starts) - 1, dtype=np.bool_)
    for skill in range(len(found)):
        for sequence in range(skill_starts[skill], skill_starts[skill + 1]):
            first, last = starts[sequence], starts[sequence + 1]
            if last - first < LONG_WAY:
                continue
            ahead = lowest = highest = 0.0
            for place in range(first, last):
                ahead += 2.0 * np.float64(given[order[place]]) - 1.0
                lowest, highest = min(lowest, ahead), max(highest, ahead)
            found[skill] |= highest - lowest >= LONG_WAY
    return found
