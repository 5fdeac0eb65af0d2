"""Knowledge tracing: a two-state filter in two named steps, *condition* and *predict*.

A student either has mastered a skill or has not. `condition` takes a response into account;
`predict` lets one opportunity to learn (or forget) pass. Alternating the two gives the belief
after every response.

The state carries both components, as the log-odds log P(mastered) − log P(not mastered). With
P(mastered) alone, 23 right answers in a row round to exactly 1 and no run of wrong answers would
bring it back; log-odds follow exact arithmetic through 100,000 of either.
"""

from __future__ import annotations

from math import exp, inf, log, log1p
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from .parameters import SkillParameters
from .tables import Floats, Indexed, Integers, Tables, classic_indexed, classic_tables


class Traced(NamedTuple):
    """What a sequence of responses says, one entry per response.

    p_correct   from earlier responses alone, before the response itself
    p_mastery   given the responses up to and including this one, before further learning
    """

    p_correct: Floats
    p_mastery: Floats


@njit(cache=True, inline="always")
def safe_log(p: float) -> float:
    """log p, with log 0 = −∞ instead of an error."""
    return log(p) if p > 0.0 else -inf


@njit(cache=True, inline="always")
def log_sum(a: float, b: float) -> float:
    """log(eᵃ + eᵇ) without overflow."""
    if a < b:
        a, b = b, a
    return a if b == -inf else a + log1p(exp(b - a))


@njit(cache=True)
def probability(log_odds: float) -> float:
    """P(mastered) for given log-odds.

    >>> probability(0.0), probability(-800.0), probability(800.0)
    (0.5, 0.0, 1.0)
    """
    if log_odds >= 0.0:
        return 1.0 / (1.0 + exp(-log_odds))
    odds = exp(log_odds)
    return odds / (1.0 + odds)


@njit(cache=True)
def log_odds_of(p: float) -> float:
    """The log-odds of a probability; 0 and 1 give ∓∞.

    >>> log_odds_of(0.5)
    0.0
    """
    return safe_log(p) - (log1p(-p) if p < 1.0 else -inf)


@njit(cache=True)
def condition(log_odds: float, correct: float, guess: float, slip: float) -> float:
    """Log-odds of mastery once a response has been seen.

    A fractional `correct` counts as that share of a right answer and the rest of a wrong one
    (Bernoulli quasi-likelihood, Papke & Wooldridge 1996), so 0 and 1 are ordinary answers.

    >>> round(probability(condition(log_odds_of(0.5), 1.0, 0.2, 0.1)), 6)
    0.818182
    """
    if log_odds == inf or log_odds == -inf:
        return log_odds  # certainty given as a parameter is not open to evidence
    evidence = 0.0
    if correct > 0.0:
        evidence += correct * (safe_log(1.0 - slip) - safe_log(guess))
    if correct < 1.0:
        evidence += (1.0 - correct) * (safe_log(slip) - safe_log(1.0 - guess))
    # ∞ − ∞: an answer that neither state can give says nothing about which it was
    return log_odds if evidence != evidence else log_odds + evidence


@njit(cache=True)
def predict(log_odds: float, learn: float, forget: float) -> float:
    """Log-odds of mastery after one opportunity to learn and to forget.

    >>> round(probability(predict(log_odds_of(0.5), 0.2, 0.0)), 6)
    0.6
    """
    if log_odds == inf:
        return log_odds_of(1.0 - forget)
    if log_odds == -inf:
        return log_odds_of(learn)
    known = log_sum(log_odds + safe_log(1.0 - forget), safe_log(learn))
    unknown = log_sum(safe_log(1.0 - learn), log_odds + safe_log(forget))
    return known - unknown


@njit(cache=True)
def p_correct(log_odds: float, guess: float, slip: float) -> float:
    """P(correct answer) in the current state.

    >>> p_correct(log_odds_of(0.5), 0.2, 0.1)
    0.55
    """
    return probability(log_odds) * (1.0 - slip) + probability(-log_odds) * guess


TINY = 1e-12
"""Predictions stay this far inside (0, 1): a certain prediction cannot be scored if it fails."""


LEAST = 1e-250
"""A state less likely than this is followed in log-odds from there on."""


@njit(cache=True, nogil=True)
def likelihoods(correct: float, guess: float, slip: float) -> tuple[float, float]:
    """P(answer) of a student who has mastered the skill, and of one who has not.

    >>> likelihoods(1.0, 0.2, 0.1)
    (0.9, 0.2)
    """
    if correct == 1.0:
        return 1.0 - slip, guess
    if correct == 0.0:
        return slip, 1.0 - guess
    known = (1.0 - slip) ** correct * slip ** (1.0 - correct)
    return known, guess**correct * (1.0 - guess) ** (1.0 - correct)


@njit(cache=True, nogil=True)
def _follow(
    indexed: Indexed, tables: Tables, sequence: int, column: int, predicted: Floats, known: Floats
) -> None:
    """P(correct) before and P(mastered) after each response of a sequence, from index 0 on.

    `condition` and `predict` in turn, on the two probabilities themselves: several times faster,
    and exact while neither state is next to impossible. From there on their log-odds go on.
    """
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    k = tables.prior[indexed.prior[sequence], column]
    u = 1.0 - k
    for event in range(start, stop):
        if event > start:
            row = indexed.transition[event]
            learn, forget = tables.learn[row, column], tables.forget[row, column]
            k, u = k * (1.0 - forget) + u * learn, u * (1.0 - learn) + k * forget
        row = indexed.emission[event]
        guess, slip = tables.guess[row, column], tables.slip[row, column]
        if_known, if_unknown = likelihoods(indexed.correct[event], guess, slip)
        in_known, in_unknown = k * if_known, u * if_unknown
        if not (in_known > LEAST and in_unknown > LEAST):
            state = safe_log(k) - safe_log(u)
            _follow_in_log_odds(indexed, tables, sequence, column, event, state, predicted, known)
            return
        predicted[event - start] = _inside(k * (1.0 - slip) + u * guess)
        total = in_known + in_unknown
        k, u = in_known / total, in_unknown / total
        known[event - start] = k


@njit(cache=True, nogil=True)
def _follow_in_log_odds(
    indexed: Indexed,
    tables: Tables,
    sequence: int,
    column: int,
    first: int,
    state: float,
    predicted: Floats,
    known: Floats,
) -> None:
    """As `_follow`, from the event `first` on, before which the log-odds are `state`."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    for event in range(first, stop):
        if event > first:
            row = indexed.transition[event]
            state = predict(state, tables.learn[row, column], tables.forget[row, column])
        row = indexed.emission[event]
        guess, slip = tables.guess[row, column], tables.slip[row, column]
        predicted[event - start] = _inside(p_correct(state, guess, slip))
        state = condition(state, indexed.correct[event], guess, slip)
        known[event - start] = probability(state)


@njit(cache=True, nogil=True)
def _inside(p: float) -> float:
    return min(max(p, TINY), 1.0 - TINY)


@njit(cache=True, parallel=True, nogil=True)
def _trace(indexed: Indexed, tables: Tables, predicted: Floats, known: Floats) -> None:
    for sequence in prange(len(indexed.starts) - 1):
        start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
        _follow(indexed, tables, sequence, 0, predicted[start:stop], known[start:stop])


def trace(indexed: Indexed, tables: Tables) -> Traced:
    """Traces many sequences at once, in parallel, under the first column of the tables.

    >>> two = classic_indexed(np.array([0, 2]), np.array([0]), np.array([1.0, 0.0]))
    >>> found = trace(two, classic_tables(np.array([[0.5, 0.2, 0.0, 0.2, 0.1]])))
    >>> found.p_correct.round(4), found.p_mastery.round(4)
    (array([0.55  , 0.7982]), array([0.8182, 0.4234]))
    """
    predicted, known = np.empty((2, len(indexed.correct)))
    _trace(indexed, tables, predicted, known)
    return Traced(predicted, known)


@njit(cache=True, nogil=True)
def trace_columns(indexed: Indexed, tables: Tables, sequence: int) -> tuple[Floats, Floats]:
    """One sequence under every column: P(correct) and P(mastered), each [response, column].

    >>> one = classic_indexed(np.array([0, 1]), np.array([0]), np.ones(1))
    >>> tables = Tables(*(np.array([[p, p]]) for p in (0.5, 0.2, 0.0, 0.2, 0.1)))
    >>> trace_columns(one, tables, 0)[0]
    array([[0.55, 0.55]])
    """
    length = indexed.starts[sequence + 1] - indexed.starts[sequence]
    columns = tables.prior.shape[1]
    predicted, known = np.empty((columns, length)), np.empty((columns, length))
    for column in range(columns):
        _follow(indexed, tables, sequence, column, predicted[column], known[column])
    return predicted.T, known.T


def trace_sequences(
    order: Integers, starts: Integers, rows: Integers, correct: Floats, tables: Floats
) -> Traced:
    """Traces classic BKT; events stand in any order.

    `order[starts[s]:starts[s+1]]` are the event numbers of sequence s in time order; `rows[s]`
    is its row in `tables`, shape [row, 5] in the order of `SkillParameters`; `correct` and the
    result are indexed by event number.

    >>> trace_sequences(np.array([1, 0]), np.array([0, 2]), np.array([0]), np.array([0.0, 1.0]),
    ...                 np.array([[0.5, 0.2, 0.0, 0.2, 0.1]])).p_correct.round(4)
    array([0.7982, 0.55  ])
    """
    correct = np.asarray(correct, dtype=np.float64)
    found = trace(classic_indexed(starts, rows, correct[order]), classic_tables(tables))
    p_correct, p_mastery = np.empty((2, len(order)))
    p_correct[order], p_mastery[order] = found
    return Traced(p_correct, p_mastery)


def trace_sequence(correct: Floats, parameters: SkillParameters) -> Traced:
    """Traces the responses of one student on one skill.

    >>> trace_sequence(np.array([1.0]), SkillParameters(0.5, 0.2, 0.0, 0.2, 0.1)).p_correct
    array([0.55])
    """
    starts, rows = np.array([0, len(correct)]), np.zeros(1, dtype=np.int64)
    tables = np.array([parameters], dtype=np.float64)
    return trace_sequences(np.arange(len(correct)), starts, rows, correct, tables)


INTERVAL = 0.90
"""Share of the fitted model's own uncertainty that an interval covers."""


@njit(cache=True, nogil=True)
def interval(values: Floats) -> tuple[float, float]:
    """The middle 90 % of some values, between the two nearest where none is exact.

    >>> interval(np.array([2.0, 1.0, 3.0]))
    (1.1, 2.9)
    """
    ordered = np.sort(values)
    place = (1.0 - INTERVAL) / 2.0 * (len(ordered) - 1)
    below = int(place)
    part = place - below
    above = min(below + 1, len(ordered) - 1)
    low = ordered[below] + part * (ordered[above] - ordered[below])
    mirrored, inner = len(ordered) - 1 - below, len(ordered) - 1 - above
    return low, ordered[mirrored] - part * (ordered[mirrored] - ordered[inner])


@njit(cache=True, parallel=True, nogil=True)
def _trace_intervals(indexed: Indexed, tables: Tables, low: Floats, high: Floats) -> None:
    for sequence in prange(len(indexed.starts) - 1):
        _, known = trace_columns(indexed, tables, sequence)
        start = indexed.starts[sequence]
        for at in range(len(known)):
            low[start + at], high[start + at] = interval(known[at])


def trace_intervals(indexed: Indexed, tables: Tables) -> tuple[Floats, Floats]:
    """The 90 % interval of P(mastered) after every response, over the columns of the tables."""
    low, high = np.empty((2, len(indexed.correct)))
    _trace_intervals(indexed, tables, low, high)
    return low, high
