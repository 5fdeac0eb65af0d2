"""Intervals of mastery under doubt about the parameters and about the student's ability together.

Given the true parameters and the true ability, P(mastered) would be one number. The filter is run
under every parameter set drawn around the estimate; what it says given each node of ability counts
as much as the node is likely. The middle 90 % of all that is the interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit, prange

from .ability import Rates, State, grid, let_drift, moves, places, respond, unmet
from .tables import Floats, Integers
from .touches import Touches
from .tracing import INTERVAL

BINS = 400
"""Equal shares of [0, 1] in which weighted values of P(mastered) are counted for an interval."""


def follow_intervals(
    touches: Touches,
    correct: Floats,
    sets: Sequence[Rates],
    *,
    nodes: int,
    drift: float = 0.0,
) -> tuple[Floats, Floats]:
    """The 90 % interval of P(mastered | ability) after every response, [touch] each: at its first
    touch of what the answer took, at the others of the skill touched.

    Over the parameter sets and, in each, over the nodes as likely as the answers make them: what
    is not known of the parameters and what is not known of the student's ability together.
    """
    abilities, weights = grid(nodes)
    low, high = np.empty((2, len(touches.skill)))
    stacked = Rates(*(np.stack(column) for column in zip(*sets, strict=True)))
    factors = np.exp(stacked.loadings[..., None] * abilities)
    moving = moves(weights, drift)
    _follow_intervals(touches, correct, stacked, factors, weights, moving, low, high)
    return low, high


@njit(cache=True, parallel=True, nogil=True)
def _follow_intervals(
    touches: Touches,
    correct: Floats,
    sets: Rates,
    factors: Floats,
    weights: Floats,
    moving: tuple[Floats, Floats],
    low: Floats,
    high: Floats,
) -> None:
    for student in prange(len(touches.students) - 1):
        first, stop = touches.students[student], touches.students[student + 1]
        begins, ends = touches.responses[first], touches.responses[stop]
        place, met = places(touches.skill[begins:ends])
        counted = np.zeros((ends - begins, BINS))
        for number in range(len(factors)):
            rates = Rates(
                sets.prior[number],
                sets.learn[number],
                sets.forget[number],
                sets.guess[number],
                sets.known[number],
                sets.loadings[number],
            )
            state = unmet(met, weights)
            _count_set(
                touches, student, correct, rates, factors[number], moving, place, state, counted
            )
        for touch in range(begins, ends):
            low[touch], high[touch] = middle(counted[touch - begins])


@njit(cache=True, nogil=True)
def _count_set(
    touches: Touches,
    student: int,
    correct: Floats,
    rates: Rates,
    factors: Floats,
    moving: tuple[Floats, Floats],
    place: Integers,
    state: State,
    counted: Floats,
) -> None:
    """Counts one parameter set's P(mastered | node), each as likely as its node, by bins."""
    first, moved = touches.students[student], np.empty(len(state.belief))
    begins = touches.responses[first]
    for response in range(first, touches.students[student + 1]):
        respond(touches, student, response, correct, rates, factors, place, state)
        lead = touches.responses[response]
        for touch in range(lead, touches.responses[response + 1]):
            known = state.decided if touch == lead else state.known[place[touch - begins]]
            for n in range(len(known)):
                at = min(int(known[n] * BINS), BINS - 1)
                counted[touch - begins, at] += state.belief[n]
        let_drift(state.belief, moving, moved)


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
