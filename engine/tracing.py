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
from numpy.typing import NDArray

from .parameters import SkillParameters

Floats = NDArray[np.float64]


class Traced(NamedTuple):
    """What a sequence of responses says, one entry per response.

    p_correct   from earlier responses alone, before the response itself
    p_mastery   given the responses up to and including this one, before further learning
    """

    p_correct: Floats
    p_mastery: Floats


@njit(cache=True, inline="always")
def _log(p: float) -> float:
    """log p, with log 0 = −∞ instead of an error."""
    return log(p) if p > 0.0 else -inf


@njit(cache=True, inline="always")
def _log_sum(a: float, b: float) -> float:
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
    return _log(p) - (log1p(-p) if p < 1.0 else -inf)


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
        evidence += correct * (_log(1.0 - slip) - _log(guess))
    if correct < 1.0:
        evidence += (1.0 - correct) * (_log(slip) - _log(1.0 - guess))
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
    known = _log_sum(log_odds + _log(1.0 - forget), _log(learn))
    unknown = _log_sum(_log(1.0 - learn), log_odds + _log(forget))
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


NO_ITEMS: Floats = np.empty((0, 2))
"""Emissions of responses none of whose items has a guess and slip of its own."""


@njit(cache=True, nogil=True)
def shifted(own: float, centre: float, moved: float, upper: float) -> float:
    """An item's rate once its skill's moves from `centre` to `moved`: the same shift in logits.

    >>> round(shifted(0.5, 0.2, 0.2, 1.0), 6), round(shifted(0.5, 0.2, 0.5, 1.0), 6)
    (0.5, 0.8)
    """
    if moved == centre or not (0.0 < own < upper and 0.0 < centre < upper and 0.0 < moved < upper):
        return own
    odds = own / (upper - own) * (moved / (upper - moved)) / (centre / (upper - centre))
    return upper * odds / (1.0 + odds)


@njit(cache=True, parallel=True, nogil=True)
def _trace(
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    correct: Floats,
    tables: Floats,
    items: Floats,
    predicted: Floats,
    mastered: Floats,
) -> None:
    for sequence in prange(len(starts) - 1):
        prior, learn, forget, guess, slip = tables[rows[sequence]]
        state = log_odds_of(prior)
        for position in range(starts[sequence], starts[sequence + 1]):
            event = order[position]
            item_guess, item_slip = guess, slip
            if len(items) > 0 and items[event, 0] == items[event, 0]:
                item_guess, item_slip = items[event]
            before = p_correct(state, item_guess, item_slip)
            predicted[event] = min(max(before, TINY), 1.0 - TINY)
            state = condition(state, correct[event], item_guess, item_slip)
            mastered[event] = probability(state)
            state = predict(state, learn, forget)


def trace_sequences(
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    correct: Floats,
    tables: Floats,
    items: Floats = NO_ITEMS,
) -> Traced:
    """Traces many (student, skill) sequences at once, in parallel, whatever their lengths.

    `order[starts[s]:starts[s+1]]` are the event numbers of sequence s in time order; `rows[s]`
    is its row in `tables`, shape [row, 5] in the order of `SkillParameters`; `correct` and the
    result are indexed by event number. `items`, shape [event, 2], holds the guess and slip of the
    items that have their own, NaN for others.

    >>> import numpy as np
    >>> found = trace_sequences(np.arange(2), np.array([0, 2]), np.array([0]),
    ...                         np.array([1.0, 0.0]), np.array([[0.5, 0.2, 0.0, 0.2, 0.1]]))
    >>> found.p_correct.round(4), found.p_mastery.round(4)
    (array([0.55  , 0.7982]), array([0.8182, 0.4234]))
    """
    predicted = np.empty(len(correct))
    mastered = np.empty(len(correct))
    _trace(order, starts, rows, correct, tables, items, predicted, mastered)
    return Traced(predicted, mastered)


NO_BOUNDS: Floats = np.ones(5)
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
def _trace_intervals(
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    correct: Floats,
    draws: Floats,
    centres: Floats,
    items: Floats,
    upper: Floats,
    low: Floats,
    high: Floats,
) -> None:
    count = draws.shape[1]
    for sequence in prange(len(starts) - 1):
        tables, centre = draws[rows[sequence]], centres[rows[sequence]]
        states = np.empty(count)
        mastered = np.empty(count)
        for draw in range(count):
            states[draw] = log_odds_of(tables[draw, 0])
        for position in range(starts[sequence], starts[sequence + 1]):
            event = order[position]
            for draw in range(count):
                _, learn, forget, guess, slip = tables[draw]
                if len(items) > 0 and items[event, 0] == items[event, 0]:
                    guess = shifted(items[event, 0], centre[3], guess, upper[3])
                    slip = shifted(items[event, 1], centre[4], slip, upper[4])
                state = condition(states[draw], correct[event], guess, slip)
                mastered[draw] = probability(state)
                states[draw] = predict(state, learn, forget)
            low[event], high[event] = interval(mastered)


def trace_intervals(
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    correct: Floats,
    draws: Floats,
    tables: Floats,
    items: Floats = NO_ITEMS,
    upper: Floats = NO_BOUNDS,
) -> tuple[Floats, Floats]:
    """The 90 % interval of P(mastered) after every response, over draws of the parameters.

    As `trace_sequences`, with `draws` of shape [row, draw, 5] around the tables; items with a guess
    and slip of their own move with their skill's, in logits scaled to the bounds `upper`.
    """
    low, high = np.empty(len(correct)), np.empty(len(correct))
    _trace_intervals(order, starts, rows, correct, draws, tables, items, upper, low, high)
    return low, high


def trace_sequence(correct: Floats, parameters: SkillParameters) -> Traced:
    """Traces the responses of one student on one skill.

    >>> trace_sequence(np.array([1.0]), SkillParameters(0.5, 0.2, 0.0, 0.2, 0.1)).p_correct
    array([0.55])
    """
    return trace_sequences(
        np.arange(len(correct)),
        np.array([0, len(correct)]),
        np.zeros(1, dtype=np.int64),
        np.asarray(correct, dtype=np.float64),
        np.array([parameters], dtype=np.float64),
    )
