"""Intervals of mastery under doubt about the parameters and about the student's ability together.

Given the true parameters and the true ability, P(mastered) would be one number. The filter is run
under every parameter set drawn around the estimate; what it says given each node of ability counts
as much as the node is likely. The middle 90 % of all that is the interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit, prange

from .ability import Rates, grid, let_drift, moves, odds_of, places, step
from .tables import Floats, Integers
from .tracing import INTERVAL

BINS = 400
"""Equal shares of [0, 1] in which weighted values of P(mastered) are counted for an interval."""


def follow_intervals(
    starts: Integers,
    skill: Integers,
    correct: Floats,
    sets: Sequence[Rates],
    *,
    nodes: int,
    drift: float = 0.0,
) -> tuple[Floats, Floats]:
    """The 90 % interval of P(mastered | ability) after every response, [event] each.

    Over the parameter sets and, in each, over the nodes as likely as the answers make them: what
    is not known of the parameters and what is not known of the student's ability together.
    """
    abilities, weights = grid(nodes)
    factors = np.exp(np.stack([one.loadings for one in sets])[..., None] * abilities)
    rates = np.stack([np.stack(one[:5]) for one in sets])
    low, high = np.empty((2, len(skill)))
    moving = moves(weights, drift)
    _follow_intervals(starts, skill, correct, rates, factors, weights, moving, low, high)
    return low, high


@njit(cache=True, parallel=True, nogil=True)
def _follow_intervals(
    starts: Integers,
    skill: Integers,
    correct: Floats,
    rates: Floats,
    factors: Floats,
    weights: Floats,
    moving: tuple[Floats, Floats],
    low: Floats,
    high: Floats,
) -> None:
    for student in prange(len(starts) - 1):
        first, stop = starts[student], starts[student + 1]
        place, met = places(skill[first:stop])
        counted = np.zeros((stop - first, BINS))
        for number in range(len(rates)):
            _count_set(
                first,
                skill,
                correct,
                rates[number],
                factors[number],
                weights,
                moving,
                place,
                met,
                counted,
            )
        for event in range(first, stop):
            low[event], high[event] = middle(counted[event - first])


@njit(cache=True, nogil=True)
def _count_set(
    first: int,
    skill: Integers,
    correct: Floats,
    rates: Floats,
    factors: Floats,
    weights: Floats,
    moving: tuple[Floats, Floats],
    place: Integers,
    met: int,
    counted: Floats,
) -> None:
    """Counts one parameter set's P(mastered | node), each as likely as its node, by bins."""
    nodes = len(weights)
    known, unknown = np.empty((met, nodes)), np.empty((met, nodes))
    begun, moved = np.zeros(met, dtype=np.bool_), np.empty(nodes)
    belief = weights.copy()
    for event in range(len(place)):
        here, at = place[event], first + event
        prior, learn, forget, guess, sure = rates[:, at]
        odds = odds_of(begun[here], prior, learn, forget, guess, sure)
        step(odds, factors[skill[at]], begun[here], correct[at], belief, known[here], unknown[here])
        begun[here] = True
        for n in range(nodes):
            counted[event, min(int(known[here, n] * BINS), BINS - 1)] += belief[n]
        let_drift(belief, moving, moved)


@njit(cache=True, nogil=True)
def middle(counted: Floats) -> tuple[float, float]:
    """The middle 90 % of values in [0, 1] that were counted by equal bins.

    >>> low, high = middle(np.ones(400))
    >>> round(low, 3), round(high, 3)
    (0.05, 0.95)
    """
    tail = counted.sum() * (1.0 - INTERVAL) / 2.0
    low, high = 0.0, 1.0
    below = 0.0
    for at in range(len(counted)):
        if below + counted[at] >= tail and counted[at] > 0.0:
            low = (at + (tail - below) / counted[at]) / len(counted)
            break
        below += counted[at]
    above = 0.0
    for at in range(len(counted) - 1, -1, -1):
        if above + counted[at] >= tail and counted[at] > 0.0:
            high = (at + 1 - (tail - above) / counted[at]) / len(counted)
            break
        above += counted[at]
    return low, high
