"""Knowledge tracing given a student's ability, which all skills share: the filter in time order.

Ability θ ~ N(0, 1) lives on a grid of nodes. What is carried from answer to answer is small: how
likely each node is, and for every skill practised P(mastered) given each node. An answer to one
skill moves the nodes, and so what is believed of every other skill.

Ability may drift: between two answers it moves to a neighbouring node with a small probability,
balanced so that N(0, 1) stays what an unknown student's ability is (a reversible Markov chain,
Metropolis et al. 1953). Without drift the filter is exact; with it, the mastery given a node is
taken to stay with the node.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from .tables import Floats, Integers
from .tracing import Traced, likelihoods

FARTHEST = 30.0
"""A logit beyond this is taken for this: e³⁰ still squares without overflow."""
LEAST = 1e-290  # of a state, which carries both of its probabilities
TINY = 1e-12
REACH = 3.2
"""Standard deviations up to which the grid reaches: one student in 700 lies beyond."""


class Rates(NamedTuple):
    """The logits of every response at ability 0, and what ability adds.

    prior, learn, forget, guess, known  [event]; prior is read at a skill's first response, learn
                                        and forget at the later ones
    loadings                            [skill, 5] what one standard deviation of ability adds
    """

    prior: Floats
    learn: Floats
    forget: Floats
    guess: Floats
    known: Floats
    loadings: Floats


def grid(nodes: int, reach: float = REACH) -> tuple[Floats, Floats]:
    """Evenly spaced abilities up to `reach` standard deviations, and their weights.

    >>> abilities, weights = grid(3, 1.0)
    >>> abilities, weights.round(3)
    (array([-1.,  0.,  1.]), array([0.274, 0.452, 0.274]))
    """
    abilities = np.linspace(-reach, reach, nodes) if nodes > 1 else np.zeros(1)
    weights = np.exp(-0.5 * abilities**2)
    return abilities, weights / weights.sum()


def follow(
    starts: Integers,
    skill: Integers,
    correct: Floats,
    rates: Rates,
    *,
    nodes: int,
    drift: float = 0.0,
) -> Traced:
    """P(correct) before and P(mastered) after every response; students as in `History`.

    >>> one = Rates(*np.array([[0.0], [0.0], [0.0], [-1.5], [3.0]]), np.zeros((1, 5)))
    >>> found = follow(np.array([0, 1]), np.array([0]), np.ones(1), one, nodes=3)
    >>> found.p_correct.round(3), found.p_mastery.round(3)
    (array([0.567]), array([0.839]))
    """
    abilities, weights = grid(nodes)
    factors = np.exp(rates.loadings[:, :, None] * abilities)
    predicted, mastered = np.empty((2, len(skill)))
    moving = moves(weights, drift)
    _follow(starts, skill, correct, rates, factors, weights, moving, predicted, mastered)
    return Traced(predicted, mastered)


class Standing(NamedTuple):
    """Where a student stands: how likely each node is, and P(mastered) given each node.

    nodes     [node]
    mastered  [skill met, node], in the order of `skills`
    skills    [skill met] numbers of the skills met, in the order met
    """

    nodes: Floats
    mastered: Floats
    skills: Integers


def standing(
    skill: Integers, correct: Floats, rates: Rates, *, nodes: int, drift: float = 0.0
) -> tuple[Standing, Traced]:
    """Where one student stands after all responses, and what `follow` finds on the way."""
    abilities, weights = grid(nodes)
    factors = np.exp(rates.loadings[:, :, None] * abilities)
    predicted, mastered = np.empty((2, len(skill)))
    place, met = places(skill)
    known, unknown = np.empty((met, nodes)), np.empty((met, nodes))
    belief, moving = weights.copy(), moves(weights, drift)
    _follow_one(
        0,
        skill,
        correct,
        rates,
        factors,
        moving,
        place,
        belief,
        known,
        unknown,
        predicted,
        mastered,
    )
    skills = np.empty(met, dtype=np.int64)
    skills[place] = skill
    return Standing(belief, known, skills), Traced(predicted, mastered)


def moves(weights: Floats, drift: float) -> tuple[Floats, Floats]:
    """P(one node up), P(one node down) from each node, under which `weights` stay as they are.

    >>> up, down = moves(np.array([0.2, 0.6, 0.2]), 0.3)
    >>> up.round(3), down.round(3)
    (array([0.3, 0.1, 0. ]), array([0. , 0.1, 0.3]))
    """
    up, down = np.zeros((2, len(weights)))
    up[:-1] = drift * np.minimum(1.0, weights[1:] / weights[:-1])
    down[1:] = drift * np.minimum(1.0, weights[:-1] / weights[1:])
    return up, down


@njit(cache=True, parallel=True, nogil=True)
def _follow(
    starts: Integers,
    skill: Integers,
    correct: Floats,
    rates: Rates,
    factors: Floats,
    weights: Floats,
    moving: tuple[Floats, Floats],
    predicted: Floats,
    mastered: Floats,
) -> None:
    for student in prange(len(starts) - 1):
        first, stop = starts[student], starts[student + 1]
        place, met = places(skill[first:stop])
        known, unknown = np.empty((met, len(weights))), np.empty((met, len(weights)))
        _follow_one(
            first,
            skill[first:stop],
            correct[first:stop],
            rates,
            factors,
            moving,
            place,
            weights.copy(),
            known,
            unknown,
            predicted[first:stop],
            mastered[first:stop],
        )


@njit(cache=True, nogil=True)
def _follow_one(
    first: int,
    skill: Integers,
    correct: Floats,
    rates: Rates,
    factors: Floats,
    moving: tuple[Floats, Floats],
    place: Integers,
    belief: Floats,
    known: Floats,
    unknown: Floats,
    predicted: Floats,
    mastered: Floats,
) -> None:
    """Follows a student whose rates begin at `first`; leaves the standing in its arguments."""
    begun, moved = np.zeros(len(known), dtype=np.bool_), np.empty(len(belief))
    for event in range(len(skill)):
        here, at = place[event], first + event
        odds = odds_of(
            begun[here],
            rates.prior[at],
            rates.learn[at],
            rates.forget[at],
            rates.guess[at],
            rates.known[at],
        )
        right, after = step(
            odds,
            factors[skill[event]],
            begun[here],
            correct[event],
            belief,
            known[here],
            unknown[here],
        )
        begun[here] = True
        predicted[event], mastered[event] = min(max(right, TINY), 1.0 - TINY), after
        let_drift(belief, moving, moved)


@njit(cache=True, nogil=True)
def odds_of(
    begun: bool, prior: float, learn: float, forget: float, guess: float, known: float
) -> tuple[float, float, float, float]:
    """The odds that a step needs: of learn and forget, or of the prior; of guess and known."""
    first = power(learn) if begun else power(prior)
    return first, power(forget) if begun else 0.0, power(guess), power(known)


@njit(cache=True, nogil=True, error_model="numpy")
def step(
    odds: tuple[float, float, float, float],
    factor: Floats,
    begun: bool,
    correct: float,
    belief: Floats,
    k: Floats,
    u: Floats,
) -> tuple[float, float]:
    """One response: P(correct) before it and P(mastered) after it; moves belief, k and u."""
    p, total, after = 0.0, 0.0, 0.0
    for n in range(len(belief)):
        if begun:
            learn, forget = share(odds[0] * factor[1, n]), share(odds[1] * factor[2, n])
            k[n], u[n] = k[n] * (1.0 - forget) + u[n] * learn, u[n] * (1.0 - learn) + k[n] * forget
        else:
            k[n] = share(odds[0] * factor[0, n])
            u[n] = 1.0 / (1.0 + odds[0] * factor[0, n])
        guess, slip = share(odds[2] * factor[3, n]), 1.0 / (1.0 + odds[3] * factor[4, n])
        p += belief[n] * (k[n] * (1.0 - slip) + u[n] * guess)
        in_known, in_unknown = likelihoods(correct, guess, slip)
        in_known, in_unknown = k[n] * in_known, u[n] * in_unknown
        seen = in_known + in_unknown
        k[n], u[n] = max(in_known / seen, LEAST), max(in_unknown / seen, LEAST)
        belief[n] *= seen
        total += belief[n]
    for n in range(len(belief)):
        belief[n] /= total
        after += belief[n] * k[n]
    return p, after


@njit(cache=True, nogil=True)
def let_drift(belief: Floats, moving: tuple[Floats, Floats], moved: Floats) -> None:
    """Lets the ability drift by one step."""
    up, down = moving
    nodes = len(belief)
    moved[:] = belief
    for n in range(nodes):
        belief[n] = moved[n] * (1.0 - up[n] - down[n])
        if n > 0:
            belief[n] += moved[n - 1] * up[n - 1]
        if n < nodes - 1:
            belief[n] += moved[n + 1] * down[n + 1]


@njit(cache=True, nogil=True)
def places(skill: Integers) -> tuple[Integers, int]:
    """A student's own number for each skill met, in the order met, and how many there are."""
    place = np.empty(len(skill), dtype=np.int64)
    seen = np.full(skill.max() + 1 if len(skill) else 1, -1)
    met = 0
    for event in range(len(skill)):
        if seen[skill[event]] < 0:
            seen[skill[event]] = met
            met += 1
        place[event] = seen[skill[event]]
    return place, met


@njit(cache=True, nogil=True, inline="always")
def power(logit: float) -> float:
    """The odds of a logit, kept where they can be multiplied."""
    return exp(min(max(logit, -FARTHEST), FARTHEST))


@njit(cache=True, nogil=True, inline="always")
def share(odds: float) -> float:
    """The probability of odds."""
    return odds / (1.0 + odds)
