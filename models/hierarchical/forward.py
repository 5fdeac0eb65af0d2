"""The way forward: P(mastered) and P(answer) of every touch of a student, given each node."""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import njit

from engine.ability import FARTHEST, Rates
from engine.deciding import LEAST, answered
from engine.tables import Floats, Integers

from .chains import AFTER, BESIDE, FORGET, GUESS, LEARN, RIGHT, Chains, K, P, U, likelihood

SMALLEST_PRODUCT = 1e-200  # of probabilities, before their logarithm is taken


@njit(cache=True, nogil=True)
def forward(chains: Chains, rates: Rates, factors: Floats, student: int, room: Floats) -> Floats:
    """Log-likelihood given each node, [node]; what the way back needs is left in `room`."""
    first, last = chains.students[student], chains.students[student + 1]
    begins, ends = chains.starts[first], chains.starts[last]
    nodes = room.shape[2]
    heights, product = np.zeros(nodes), np.ones(nodes)
    learns, forgets = _powers(rates.learn[begins:ends]), _powers(rates.forget[begins:ends])
    up, sure = _powers(rates.guess[begins:ends]), _powers(rates.known[begins:ends])
    at = 0
    while at < ends - begins:
        lead, stop = chains.visits[begins + at], at
        while stop == at or (stop < ends - begins and not chains.opens[begins + stop]):
            place = chains.visits[begins + stop]
            chain = first + chains.whose[begins + stop]
            factor = factors[chains.skill[chain]]
            if begins + place == chains.starts[chain]:
                _begin(_power(rates.prior[begins + place]), factor, room[place])
            else:
                _move(learns[place], forgets[place], factor, room[place - 1], room[place])
            stop += 1
        factor = factors[chains.skill[first + chains.whose[begins + at]]]
        _rate(up[lead], sure[lead], factor, room[lead])
        correct = chains.correct[begins + lead]
        if stop - at == 1:
            _answer(correct, room[lead])
        else:
            visits = chains.visits[begins + at : begins + stop]
            _answer_together(correct, visits, chains.share[begins:ends], chains.all_needed, room)
        smallest = 1.0
        for n in range(nodes):
            product[n] *= room[lead, P, n]
            smallest = min(smallest, product[n])
        if smallest < SMALLEST_PRODUCT:
            for n in range(nodes):
                heights[n] += log(product[n])
                product[n] = 1.0
        at = stop
    for n in range(nodes):
        heights[n] += log(product[n])
    return heights


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _begin(prior: float, factor: Floats, here: Floats) -> None:
    """P(mastered) at a chain's first touch."""
    for n in range(here.shape[1]):
        odds = prior * factor[0, n]
        here[K, n] = odds / (1.0 + odds)
        here[U, n] = 1.0 / (1.0 + odds)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _move(learns: float, forgets: float, factor: Floats, before: Floats, here: Floats) -> None:
    """P(mastered) at a later touch: learnt or forgotten since the one before."""
    for n in range(here.shape[1]):
        odds = learns * factor[1, n]
        learn = odds / (1.0 + odds)
        odds = forgets * factor[2, n]
        forget = odds / (1.0 + odds)
        here[LEARN, n], here[FORGET, n] = learn, forget
        here[K, n] = before[AFTER, n] * (1.0 - forget) + before[BESIDE, n] * learn
        here[U, n] = before[BESIDE, n] * (1.0 - learn) + before[AFTER, n] * forget


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _rate(up: float, sure: float, factor: Floats, here: Floats) -> None:
    """P(right) of who has not mastered, and of who has."""
    for n in range(here.shape[1]):
        odds = up * factor[3, n]
        here[GUESS, n] = odds / (1.0 + odds)
        odds = sure * factor[4, n]
        here[RIGHT, n] = odds / (1.0 + odds)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _answer(correct: float, here: Floats) -> None:
    """P(answer), and P(mastered) after it, of a response that touches one skill."""
    for n in range(here.shape[1]):
        k = here[K, n] * likelihood(correct, here[RIGHT, n])
        u = here[U, n] * likelihood(correct, here[GUESS, n])
        p = k + u
        here[AFTER, n] = max(k / p, LEAST)
        here[BESIDE, n] = max(u / p, LEAST)
        here[P, n] = p


@njit(cache=True, nogil=True, error_model="numpy")
def _answer_together(
    correct: float, visits: Integers, share: Floats, all_needed: bool, room: Floats
) -> None:
    """The same of a response that touches several."""
    lead = room[visits[0]]
    known, unknown, scratch = np.empty((3, len(visits)))
    shares = share[visits]
    for n in range(room.shape[2]):
        for i in range(len(visits)):
            known[i], unknown[i] = room[visits[i], K, n], room[visits[i], U, n]
        in_known = likelihood(correct, lead[RIGHT, n])
        in_unknown = likelihood(correct, lead[GUESS, n])
        lead[P, n] = answered(in_known, in_unknown, shares, all_needed, known, unknown, scratch)
        for i in range(len(visits)):
            room[visits[i], AFTER, n], room[visits[i], BESIDE, n] = known[i], unknown[i]


@njit(cache=True, nogil=True)
def _powers(logits: Floats) -> Floats:
    found = np.empty(len(logits))
    for i in range(len(logits)):
        found[i] = exp(min(max(logits[i], -FARTHEST), FARTHEST))
    return found


@njit(cache=True, nogil=True, inline="always")
def _power(logit: float) -> float:
    return exp(min(max(logit, -FARTHEST), FARTHEST))
