"""Expected counts in logarithms: for sequences that would leave the range of probabilities.

Some hundred right answers in a row make a state without forgetting less likely than the smallest
number there is, and only as many wrong ones would tell. What `models.counts` does with
probabilities is done here with their logarithms: several times slower, and exact through 100,000
right answers and 100,000 wrong ones.
"""

from __future__ import annotations

from math import exp

import numpy as np
from numba import njit

from engine.tables import Floats, Indexed, Tables
from engine.tracing import likelihoods, log_sum, safe_log


@njit(cache=True, nogil=True)
def _forward(indexed: Indexed, tables: Tables, sequence: int, node: int) -> Floats:
    """log P(answers so far, state) after every answer, [response, 2: mastered, not mastered]."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    found = np.empty((stop - start, 2))
    prior = tables.prior[indexed.prior[sequence], node]
    k, u = safe_log(prior), safe_log(1.0 - prior)
    for event in range(start, stop):
        if event > start:
            row = indexed.transition[event]
            learn, forget = tables.learn[row, node], tables.forget[row, node]
            k, u = (
                log_sum(k + safe_log(1.0 - forget), u + safe_log(learn)),
                log_sum(u + safe_log(1.0 - learn), k + safe_log(forget)),
            )
        row = indexed.emission[event]
        known, unknown = likelihoods(
            indexed.correct[event], tables.guess[row, node], tables.slip[row, node]
        )
        k, u = k + safe_log(known), u + safe_log(unknown)
        found[event - start, 0], found[event - start, 1] = k, u
    return found


@njit(cache=True, nogil=True)
def far_height(indexed: Indexed, tables: Tables, sequence: int, node: int) -> float:
    """log P(answers of a sequence), by logarithms throughout."""
    last = _forward(indexed, tables, sequence, node)[-1]
    return log_sum(last[0], last[1])


@njit(cache=True, nogil=True)
def count_far(
    indexed: Indexed, tables: Tables, sequence: int, node: int, weight: float, counts: Tables
) -> None:
    """Adds the expected counts of one sequence at one node, times its weight."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    ahead = _forward(indexed, tables, sequence, node)
    total = log_sum(ahead[-1, 0], ahead[-1, 1])
    back_known, back_unknown = -total, -total
    for event in range(stop - 1, start - 1, -1):
        k, u = ahead[event - start]
        correct, row = indexed.correct[event], indexed.emission[event]
        in_known, in_unknown = weight * exp(k + back_known), weight * exp(u + back_unknown)
        counts.guess[row, node, 0] += in_unknown * correct
        counts.guess[row, node, 1] += in_unknown * (1.0 - correct)
        counts.slip[row, node, 0] += in_known * (1.0 - correct)
        counts.slip[row, node, 1] += in_known * correct
        if event == start:
            counts.prior[indexed.prior[sequence], node, 0] += in_known
            counts.prior[indexed.prior[sequence], node, 1] += in_unknown
            return
        known, unknown = likelihoods(correct, tables.guess[row, node], tables.slip[row, node])
        to_known, to_unknown = safe_log(known) + back_known, safe_log(unknown) + back_unknown
        row = indexed.transition[event]
        learn, forget = tables.learn[row, node], tables.forget[row, node]
        k, u = ahead[event - start - 1]
        learnt, kept = safe_log(learn) + to_known, safe_log(1.0 - forget) + to_known
        stayed, forgot = safe_log(1.0 - learn) + to_unknown, safe_log(forget) + to_unknown
        counts.learn[row, node, 0] += weight * exp(u + learnt)
        counts.learn[row, node, 1] += weight * exp(u + stayed)
        counts.forget[row, node, 0] += weight * exp(k + forgot)
        counts.forget[row, node, 1] += weight * exp(k + kept)
        back_known, back_unknown = log_sum(kept, forgot), log_sum(stayed, learnt)
