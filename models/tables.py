"""Five tables, three indices: the E-step of every member of the family, event by event.

    prior          [prior row]       chosen for each sequence
    learn, forget  [transition row]  chosen for each step from one response to the next
    guess, slip    [emission row]    chosen for each response

Variants differ only in the rows that events read: a guess and slip for every item (Pardos &
Heffernan 2011), learning by resource (Pardos & Heffernan 2010), forgetting by the gap since the
last practice. The trie is faster where all students of a skill share everything; this road takes
any mixture, at a cost and with memory linear in the number of events.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from .expectation import LEAST
from .sequences import Floats, Integers

SMALLEST_PRODUCT = 1e-200  # of probabilities, before their logarithm is taken
NO_ROW = -1


class Tables(NamedTuple):
    """The five tables, one value a row."""

    prior: Floats
    learn: Floats
    forget: Floats
    guess: Floats
    slip: Floats


class Indexed(NamedTuple):
    """Responses, sequence after sequence, and the table rows that each reads.

    job_starts  [job + 1] sequences that are counted by one thread; jobs share no table row
    starts      [sequence + 1] where each sequence begins
    correct     [event]
    prior       [sequence] row of `prior`
    transition  [event] row of `learn` and `forget` for the step that leads to the event; the first
                event of a sequence has none (NO_ROW)
    emission    [event] row of `guess` and `slip`
    """

    job_starts: Integers
    starts: Integers
    correct: Floats
    prior: Integers
    transition: Integers
    emission: Integers


class Counted(NamedTuple):
    """What one pass finds.

    log_likelihood  [len(which)]
    counts          for each table, [row, 2]: expected times that it happened, and did not
    """

    log_likelihood: Floats
    counts: Tables


def count(indexed: Indexed, tables: Tables, which: Integers) -> Counted:
    """Expected counts and log-likelihood under the tables of the jobs `which`, side by side.

    >>> one = Tables(*(np.array([p]) for p in (0.5, 0.2, 0.0, 0.2, 0.1)))
    >>> rows = np.array([0, 0])
    >>> two = Indexed(np.array([0, 1]), np.array([0, 2]), np.array([1.0, 0.0]),
    ...               rows[:1], np.array([NO_ROW, 0]), rows)
    >>> found = count(two, one, np.array([0]))
    >>> round(float(np.exp(found.log_likelihood[0])), 6)
    0.111
    """
    log_likelihood = np.zeros(len(which))
    counts = Tables(*(np.zeros((len(table), 2)) for table in tables))
    _count(indexed, tables, which, log_likelihood, counts)
    return Counted(log_likelihood, counts)


@njit(cache=True, parallel=True, nogil=True)
def _count(
    indexed: Indexed, tables: Tables, which: Integers, log_likelihood: Floats, counts: Tables
) -> None:
    for job in prange(len(which)):
        first, last = indexed.job_starts[which[job]], indexed.job_starts[which[job] + 1]
        longest = 0
        for sequence in range(first, last):
            longest = max(longest, indexed.starts[sequence + 1] - indexed.starts[sequence])
        room = np.empty((longest, 3))
        for sequence in range(first, last):
            log_likelihood[job] += _forward(indexed, tables, sequence, room)
            _backward(indexed, tables, sequence, room, counts)


@njit(cache=True, nogil=True)
def _shown(tables: Tables, row: int, correct: float) -> tuple[float, float]:
    """P(answer) of a student who has mastered the skill, and of one who has not."""
    guess, slip = tables.guess[row], tables.slip[row]
    if correct == 1.0:
        return 1.0 - slip, guess
    if correct == 0.0:
        return slip, 1.0 - guess
    known = (1.0 - slip) ** correct * slip ** (1.0 - correct)
    return known, guess**correct * (1.0 - guess) ** (1.0 - correct)


@njit(cache=True, nogil=True)
def _forward(indexed: Indexed, tables: Tables, sequence: int, room: Floats) -> float:
    """Leaves the state after every answer and 1/P(answer) in `room`; gives log P(answers)."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    prior = tables.prior[indexed.prior[sequence]]
    k, u = prior, 1.0 - prior
    total, product = 0.0, 1.0
    for event in range(start, stop):
        if event > start:
            row = indexed.transition[event]
            learn, forget = tables.learn[row], tables.forget[row]
            k, u = k * (1.0 - forget) + u * learn, u * (1.0 - learn) + k * forget
        known, unknown = _shown(tables, indexed.emission[event], indexed.correct[event])
        k *= known
        u *= unknown
        p = k + u
        k, u = k / p, u / p
        k, u = (k if k > LEAST else 0.0), (u if u > LEAST else 0.0)
        room[event - start, 0], room[event - start, 1], room[event - start, 2] = k, u, 1.0 / p
        product *= p
        if product < SMALLEST_PRODUCT:
            total += log(product)
            product = 1.0
    return total + log(product)


@njit(cache=True, nogil=True)
def _backward(
    indexed: Indexed, tables: Tables, sequence: int, room: Floats, counts: Tables
) -> None:
    """Adds the expected counts of one sequence; needs what `_forward` left in `room`."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    back_known, back_unknown = 1.0, 1.0
    for event in range(stop - 1, start - 1, -1):
        k, u, inverse = room[event - start]
        in_known, in_unknown = k * back_known, u * back_unknown
        correct, row = indexed.correct[event], indexed.emission[event]
        counts.guess[row, 0] += in_unknown * correct
        counts.guess[row, 1] += in_unknown * (1.0 - correct)
        counts.slip[row, 0] += in_known * (1.0 - correct)
        counts.slip[row, 1] += in_known * correct
        if event == start:
            counts.prior[indexed.prior[sequence], 0] += in_known
            counts.prior[indexed.prior[sequence], 1] += in_unknown
            return
        known, unknown = _shown(tables, row, correct)
        toward_known = known * back_known * inverse
        toward_unknown = unknown * back_unknown * inverse
        row = indexed.transition[event]
        learn, forget = tables.learn[row], tables.forget[row]
        k, u = room[event - start - 1, 0], room[event - start - 1, 1]
        counts.learn[row, 0] += u * learn * toward_known
        counts.learn[row, 1] += u * (1.0 - learn) * toward_unknown
        counts.forget[row, 0] += k * forget * toward_unknown
        counts.forget[row, 1] += k * (1.0 - forget) * toward_known
        back_known = (1.0 - forget) * toward_known + forget * toward_unknown if k > 0.0 else 0.0
        back_unknown = (1.0 - learn) * toward_unknown + learn * toward_known if u > 0.0 else 0.0
