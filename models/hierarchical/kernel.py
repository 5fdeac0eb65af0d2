"""The marginal likelihood over a student's ability, and its exact gradient, in one fused pass.

A student's skills share one ability θ ~ N(0, 1), put on a grid of nodes. Given a node every skill
is a hidden Markov chain of its own, so a student's likelihood is Σ weight · Π P(answers | node).
Every probability is a logit that θ moves along a line,

    P(learn) = σ(learn + learn loading · θ)        and so for prior, forget, guess, known

with `known` the log-odds of a right answer of who has mastered the skill: slip = σ(−known). On the
grid exp(logit) = exp(base) · exp(loading · θ), and the second factor is the same for all responses
to a skill: one exponential a response does for all its nodes.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from engine.ability import FARTHEST, Rates
from engine.tables import Floats, Integers

from .backward import back_over
from .chains import ROOM, Chains, Slopes
from .forward import forward

BLOCKS = 64  # of students, counted by one thread each: the same sums for any number of threads


class Found(NamedTuple):
    """What a pass finds: log-likelihood [student], posterior [student, node], gradient."""

    log_likelihood: Floats
    posterior: Floats
    slopes: Slopes


def marginals(chains: Chains, rates: Rates, abilities: Floats, weights: Floats) -> Found:
    """Log-likelihood, ability posterior, and derivative by every logit and loading."""
    students = len(chains.students) - 1
    # a trial step of the optimiser may go far beyond any odds that mean something
    shifts = np.clip(rates.loadings[:, :, None] * abilities, -FARTHEST, FARTHEST)
    factors = np.exp(shifts)  # [skill, 5, node]
    blocks = min(BLOCKS, max(students, 1))
    bounds = _even_blocks(chains, blocks)
    prior, learn, forget, guess, known = np.zeros((5, len(rates.prior)))
    slopes = Slopes(prior, learn, forget, guess, known, np.zeros((len(chains.skill), 5)))
    height, posterior = np.zeros(students), np.zeros((students, len(abilities)))
    _marginals(chains, rates, factors, abilities, weights, bounds, height, posterior, slopes)
    return Found(height, posterior, slopes)


def _even_blocks(chains: Chains, blocks: int) -> Integers:
    """Where blocks of students begin, about as many events in each, [block + 1]."""
    events = chains.starts[chains.students]
    targets = np.linspace(0, events[-1], blocks + 1)
    bounds = np.searchsorted(events, targets, side="left").astype(np.int64)
    bounds[0], bounds[-1] = 0, len(chains.students) - 1
    return bounds


@njit(cache=True, parallel=True, nogil=True)
def _marginals(
    chains: Chains,
    rates: Rates,
    factors: Floats,
    abilities: Floats,
    weights: Floats,
    bounds: Integers,
    height: Floats,
    posterior: Floats,
    slopes: Slopes,
) -> None:
    for block in prange(len(bounds) - 1):
        for student in range(bounds[block], bounds[block + 1]):
            height[student] = _student(
                chains, rates, factors, abilities, weights, student, posterior[student], slopes
            )


@njit(cache=True, nogil=True)
def _student(
    chains: Chains,
    rates: Rates,
    factors: Floats,
    abilities: Floats,
    weights: Floats,
    student: int,
    posterior: Floats,
    slopes: Slopes,
) -> float:
    """The log-likelihood of one student; leaves posterior and slopes in their places."""
    first, last = chains.students[student], chains.students[student + 1]
    begins, ends = chains.starts[first], chains.starts[last]
    room = np.empty((ends - begins, ROOM, len(abilities)))
    heights = forward(chains, rates, factors, student, room)
    height = _weighed(heights, weights, posterior)
    back = np.zeros((last - first, len(abilities)))
    stop = ends - begins
    while stop > 0:
        at = stop - 1
        while not chains.opens[begins + at]:
            at -= 1
        back_over(chains, abilities, student, posterior, room, back, slopes, at, stop)
        stop = at
    return height


@njit(cache=True, nogil=True)
def _weighed(heights: Floats, weights: Floats, posterior: Floats) -> float:
    """The marginal over the nodes; leaves how likely each is in `posterior`."""
    heights = heights + np.log(weights)
    highest = heights.max()
    posterior[:] = np.exp(heights - highest)
    total = posterior.sum()
    posterior /= total
    return float(highest + log(total))
