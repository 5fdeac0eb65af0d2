"""How fast one student learns, beside what the model says of everybody: from their own answers.

Each answer is followed with the skill's usual rate times a speed that is the same in everything,
and from a start that is above or below the usual by so many logits: whoever knew much to begin with
is not taken for a fast learner. Both are weighed on a grid; given a node every skill is a chain of
its own. With few answers the speed stays near 1. A function of the log and the model alone, so a
decision that went by it is worked out again bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit

from .bundle import Bundle
from .curriculum import Curriculum
from .kinds import FASTEST, Chains, chains_of
from .responses import Response
from .tables import Floats

START_SD, SPEED_SD = 0.8, 0.4
"""Standard deviation of starts (logits) and of speeds (logs) among students: the logs of simulated
schools whose students differ speak for these among the values tried (`training.simulation`)."""
NODES = np.array([-2.4, -1.6, -0.8, 0.0, 0.8, 1.6, 2.4])  # sd
STARTS, SPEEDS = START_SD * NODES, SPEED_SD * NODES
TAIL = 0.05


class Pace(NamedTuple):
    """A student's speed as a multiple of the usual, its 90 % interval, and the answers behind it.

    1, with the interval of students at large, before any answer.
    """

    speed: float
    low: float
    high: float
    answers: int


def pace(history: Sequence[Response], bundle: Bundle, curriculum: Curriculum) -> Pace:
    """How fast the student learns, by all answers on one skill alone.

    >>> from engine.parameters import SkillEstimate, SkillParameters
    >>> values = SkillParameters(prior=0.3, learn=0.2, forget=0.0, guess=0.2, slip=0.1)
    >>> bundle = Bundle("classic", {}, SkillEstimate(values, values, np.zeros((5, 5))))
    >>> pace([], bundle, Curriculum.of(skills=[])).speed
    1.0
    """
    chains = chains_of(history, bundle, curriculum, ())
    weights = posterior(chains).sum(axis=0)
    middles = weights.cumsum() - weights / 2.0  # a node stands for its cell
    low, high = np.interp((TAIL, 1.0 - TAIL), middles, SPEEDS)
    speed = exp(weights @ SPEEDS) if len(chains.right) else 1.0
    return Pace(float(speed), exp(low), exp(high), len(chains.right))


def posterior(chains: Chains) -> Floats:
    """P(start, speed | the student's answers) over the grid, [start, speed]."""
    usual = np.exp(-0.5 * NODES**2)
    weighed = _log_likelihoods(chains, STARTS, SPEEDS) + np.log(np.outer(usual, usual))
    found = np.exp(weighed - weighed.max())
    return np.asarray(found / found.sum())


@njit(cache=True)
def _log_likelihoods(chains: Chains, starts: Floats, speeds: Floats) -> Floats:
    found = np.zeros((len(starts), len(speeds)))
    for i in range(len(starts)):
        for j in range(len(speeds)):
            odds, times, p = np.exp(starts[i]), np.exp(speeds[j]), 0.0
            for n in range(len(chains.right)):
                if chains.first[n]:
                    prior = chains.prior[n]
                    p = prior * odds / (1.0 - prior + prior * odds)
                right, guess, slip = chains.right[n], chains.guess[n], chains.slip[n]
                known = right * (1.0 - slip) + (1.0 - right) * slip
                unknown = right * guess + (1.0 - right) * (1.0 - guess)
                chance = max(p * known + (1.0 - p) * unknown, 1e-300)
                found[i, j] += np.log(chance)
                p = min(p * known / chance, 1.0)
                p += (1.0 - p) * min(FASTEST, chains.learn[n] * times)
    return found
