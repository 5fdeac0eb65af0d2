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

from math import exp, log
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from engine.ability import FARTHEST, LEAST, Rates
from engine.tables import Floats, Integers

SMALLEST_PRODUCT = 1e-200  # of probabilities, before their logarithm is taken
BLOCKS = 64  # of students, counted by one thread each: the same sums for any number of threads


class Chains(NamedTuple):
    """Responses, one chain per student and skill, a student's chains lying together.

    students  [student + 1] where each student's chains begin
    starts    [chain + 1] where each chain's events begin
    correct   [event] 0 to 1
    skill     [chain] row of the loadings
    """

    students: Integers
    starts: Integers
    correct: Floats
    skill: Integers


class Slopes(NamedTuple):
    """Derivatives by the five logits of every event, and by the five loadings of every chain."""

    prior: Floats
    learn: Floats
    forget: Floats
    guess: Floats
    known: Floats
    loadings: Floats


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


@njit(cache=True, nogil=True)
def _powers(logits: Floats) -> Floats:
    found = np.empty(len(logits))
    for i in range(len(logits)):
        found[i] = exp(min(max(logits[i], -FARTHEST), FARTHEST))
    return found


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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
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
    nodes = len(abilities)
    first, last = chains.students[student], chains.students[student + 1]
    begins, ends = chains.starts[first], chains.starts[last]
    room = np.empty((ends - begins, 7, nodes))  # known, unknown, 1/p, learn, forget, guess, slip
    heights = np.zeros(nodes)
    product = np.ones(nodes)
    for chain in range(first, last):
        start, stop = chains.starts[chain], chains.starts[chain + 1]
        factor = factors[chains.skill[chain]]
        up = _powers(rates.guess[start:stop])
        sure = _powers(rates.known[start:stop])
        learns = _powers(rates.learn[start:stop])
        forgets = _powers(rates.forget[start:stop])
        prior = exp(min(max(rates.prior[start], -FARTHEST), FARTHEST))
        for event in range(start, stop):
            here = room[event - begins]
            at = event - start
            correct = chains.correct[event]
            if at == 0:
                for n in range(nodes):
                    odds = prior * factor[0, n]
                    here[0, n] = odds / (1.0 + odds)
                    here[1, n] = 1.0 / (1.0 + odds)
            else:
                before = room[event - begins - 1]
                for n in range(nodes):
                    odds = learns[at] * factor[1, n]
                    learn = odds / (1.0 + odds)
                    odds = forgets[at] * factor[2, n]
                    forget = odds / (1.0 + odds)
                    here[3, n], here[4, n] = learn, forget
                    here[0, n] = before[0, n] * (1.0 - forget) + before[1, n] * learn
                    here[1, n] = before[1, n] * (1.0 - learn) + before[0, n] * forget
            smallest = 1.0
            if correct == 1.0 or correct == 0.0:
                for n in range(nodes):
                    odds = up[at] * factor[3, n]
                    guess = odds / (1.0 + odds)
                    slip = 1.0 / (1.0 + sure[at] * factor[4, n])
                    here[5, n], here[6, n] = guess, slip
                    k = here[0, n] * (correct * (1.0 - slip) + (1.0 - correct) * slip)
                    u = here[1, n] * (correct * guess + (1.0 - correct) * (1.0 - guess))
                    p = k + u
                    here[0, n] = max(k / p, LEAST)
                    here[1, n] = max(u / p, LEAST)
                    here[2, n] = 1.0 / p
                    product[n] *= p
                    smallest = min(smallest, product[n])
            else:
                for n in range(nodes):
                    odds = up[at] * factor[3, n]
                    guess = odds / (1.0 + odds)
                    slip = 1.0 / (1.0 + sure[at] * factor[4, n])
                    here[5, n], here[6, n] = guess, slip
                    k = here[0, n] * (1.0 - slip) ** correct * slip ** (1.0 - correct)
                    u = here[1, n] * guess**correct * (1.0 - guess) ** (1.0 - correct)
                    p = k + u
                    here[0, n] = max(k / p, LEAST)
                    here[1, n] = max(u / p, LEAST)
                    here[2, n] = 1.0 / p
                    product[n] *= p
                    smallest = min(smallest, product[n])
            if smallest < SMALLEST_PRODUCT:
                for n in range(nodes):
                    heights[n] += log(product[n])
                    product[n] = 1.0
    highest = -1e300
    for n in range(nodes):
        heights[n] += log(product[n]) + log(weights[n])
        highest = max(highest, heights[n])
    total = 0.0
    for n in range(nodes):
        posterior[n] = exp(heights[n] - highest)
        total += posterior[n]
    for n in range(nodes):
        posterior[n] /= total
    _back(chains, abilities, student, posterior, room, slopes)
    return highest + log(total)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _back(
    chains: Chains,
    abilities: Floats,
    student: int,
    posterior: Floats,
    room: Floats,
    slopes: Slopes,
) -> None:
    nodes = len(abilities)
    first, last = chains.students[student], chains.students[student + 1]
    begins = chains.starts[first]
    back_known, back_unknown = np.empty(nodes), np.empty(nodes)
    for chain in range(first, last):
        start, stop = chains.starts[chain], chains.starts[chain + 1]
        into = slopes.loadings[chain]
        for n in range(nodes):
            back_known[n] = posterior[n]
            back_unknown[n] = posterior[n]
        for event in range(stop - 1, start - 1, -1):
            here = room[event - begins]
            correct = chains.correct[event]
            by_guess = by_known = along_guess = along_known = 0.0
            for n in range(nodes):
                slope_known = here[0, n] * back_known[n] * (correct - (1.0 - here[6, n]))
                slope_guess = here[1, n] * back_unknown[n] * (correct - here[5, n])
                by_known += slope_known
                by_guess += slope_guess
                along_known += slope_known * abilities[n]
                along_guess += slope_guess * abilities[n]
            slopes.guess[event] = by_guess
            slopes.known[event] = by_known
            into[3] += along_guess
            into[4] += along_known
            if event == start:
                by = along = 0.0
                for n in range(nodes):
                    known, unknown = here[0, n] * back_known[n], here[1, n] * back_unknown[n]
                    # P(mastered at first) before its answer: from after it by the answer's odds
                    answer_known = _likelihood(correct, 1.0 - here[6, n])
                    answer_unknown = _likelihood(correct, here[5, n])
                    k = here[0, n] / answer_known
                    u = here[1, n] / answer_unknown
                    rate = k / (k + u)
                    slope = known * (1.0 - rate) - unknown * rate
                    by += slope
                    along += slope * abilities[n]
                slopes.prior[event] = by
                into[0] += along
                break
            before = room[event - begins - 1]
            by_learn = by_forget = along_learn = along_forget = 0.0
            for n in range(nodes):
                scale = here[2, n]
                to_known = _likelihood(correct, 1.0 - here[6, n]) * back_known[n] * scale
                to_unknown = _likelihood(correct, here[5, n]) * back_unknown[n] * scale
                learn, forget = here[3, n], here[4, n]
                k, u = before[0, n], before[1, n]
                gain = to_known - to_unknown
                slope_learn = u * learn * (1.0 - learn) * gain
                slope_forget = -k * forget * (1.0 - forget) * gain
                by_learn += slope_learn
                by_forget += slope_forget
                along_learn += slope_learn * abilities[n]
                along_forget += slope_forget * abilities[n]
                back_known[n] = (1.0 - forget) * to_known + forget * to_unknown
                back_unknown[n] = (1.0 - learn) * to_unknown + learn * to_known
            slopes.learn[event] = by_learn
            slopes.forget[event] = by_forget
            into[1] += along_learn
            into[2] += along_forget


@njit(cache=True, nogil=True, inline="always")
def _likelihood(correct: float, right: float) -> float:
    if correct == 1.0:
        return right
    if correct == 0.0:
        return 1.0 - right
    return float(right**correct * (1.0 - right) ** (1.0 - correct))
