"""A student's state moved by one response, under several parameter sets side by side.

The state is the log-odds of mastery in each set. While they are moderate a step is taken in odds,
with one exponential and one logarithm; beyond, by `condition` and `predict` of `engine.tracing`,
which follow exact arithmetic through 100,000 right or wrong answers.
"""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import njit

from .tables import Floats, Indexed, Tables
from .tracing import condition, likelihoods, log_odds_of, predict, probability

FARTHEST = 500.0
"""Log-odds up to which odds themselves are computed with: they leave a double's range at 709."""
SMALLEST_ODDS, LARGEST_ODDS = exp(-FARTHEST), exp(FARTHEST)


@njit(cache=True, nogil=True)
def begun(prior: Floats) -> Floats:
    """The state before any response, [set].

    >>> begun(np.array([0.5]))
    array([0.])
    """
    state = np.empty(len(prior))
    for column in range(len(prior)):
        state[column] = log_odds_of(prior[column])
    return state


@njit(cache=True, nogil=True)
def mastery(state: Floats) -> Floats:
    """P(mastered) in every parameter set.

    >>> mastery(np.array([0.0]))
    array([0.5])
    """
    found = np.empty(len(state))
    for column in range(len(state)):
        found[column] = probability(state[column])
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def move(state: Floats, learn: Floats, forget: Floats) -> None:
    """The state, in place, once an opportunity to learn and to forget has passed."""
    for column in range(len(state)):
        at = state[column]
        if -FARTHEST < at < FARTHEST:
            odds, stays = exp(at), 1.0 - learn[column]
            moved = (odds * (1.0 - forget[column]) + learn[column]) / (
                stays + odds * forget[column]
            )
            if SMALLEST_ODDS < moved < LARGEST_ODDS:
                state[column] = log(moved)
                continue
        state[column] = predict(at, learn[column], forget[column])


@njit(cache=True, nogil=True, error_model="numpy")
def learn_of(state: Floats, correct: float, guess: Floats, slip: Floats) -> None:
    """The state, in place, once a response is known."""
    for column in range(len(state)):
        known, unknown = likelihoods(correct, guess[column], slip[column])
        ratio = known / unknown
        if SMALLEST_ODDS < ratio < LARGEST_ODDS:
            state[column] += log(ratio)
        else:
            state[column] = condition(state[column], correct, guess[column], slip[column])


@njit(cache=True, nogil=True)
def follow(state: Floats, fresh: bool, indexed: Indexed, tables: Tables, known: Floats) -> None:
    """Takes the responses of one sequence, one after the other; `known`, [response], is P(mastered)
    after each in the first parameter set.

    With `fresh` the sequence is the student's first, and `state` need not hold anything.

    >>> one = Tables(*(np.array([[p]]) for p in (0.5, 0.2, 0.0, 0.2, 0.1)))
    >>> rows, state, known = np.zeros(2, dtype=np.int64), np.empty(1), np.empty(2)
    >>> two = Indexed(np.array([0, 2]), np.array([1.0, 0.0]), rows[:1], rows, rows)
    >>> follow(state, True, two, one, known)
    >>> known.round(4)
    array([0.8182, 0.4234])
    """
    if fresh:
        state[:] = begun(tables.prior[indexed.prior[0]])
    for event in range(len(indexed.correct)):
        if event > 0 or not fresh:
            row = indexed.transition[event]
            move(state, tables.learn[row], tables.forget[row])
        row = indexed.emission[event]
        learn_of(state, indexed.correct[event], tables.guess[row], tables.slip[row])
        known[event] = probability(state[0])
