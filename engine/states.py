"""Where a student stands in a skill, in a word; and many skills of one student in one go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from .memory import REOPEN
from .tables import Floats, Indexed, Integers, Tables
from .tracing import interval, trace_columns

SECURE = 0.95
"""Mastery from which a skill counts as secure: Corbett & Anderson's (1995) criterion."""
DEVELOPING = 0.50
"""Below this a skill is more likely not mastered than mastered."""
ENOUGH_RESPONSES = 3
"""Fewer responses than this are not enough evidence for a state: two lucky guesses in a row
happen to one student in twenty-five at guess = .2, three to one in a hundred."""
UNSEEN = "unseen"
"""The word for a skill never practised."""
STATES = (UNSEEN, "not_enough_evidence", "emerging", "developing", "secure", "review_due")


@njit(cache=True, nogil=True)
def state_of(mastered: Floats) -> int:
    """The place in `STATES` of where a student stands, from the mastery after each response.

    A skill once secure stays so down to REOPEN; below it is due for review until secure again.

    >>> STATES[state_of(np.array([0.5, 0.8, 0.96, 0.92]))]
    'secure'
    """
    if len(mastered) == 0:
        return 0
    if len(mastered) < ENOUGH_RESPONSES:
        return 1
    secured, fell = False, False
    for known in mastered[ENOUGH_RESPONSES - 1 :]:
        if known >= SECURE:
            secured, fell = True, False
        elif known < REOPEN:
            fell = True
    if secured:
        return 5 if fell else 4
    return 3 if mastered[-1] >= DEVELOPING else 2


class Ends(NamedTuple):
    """Where sequences of responses end, [sequence] each.

    mastery    P(mastered) after the last response, under the first column of the tables
    low, high  its 90 % interval over the other columns, wide enough to hold it
    state      the place in `STATES` of where the student stands
    """

    mastery: Floats
    low: Floats
    high: Floats
    state: Integers


def trace_ends(indexed: Indexed, tables: Tables) -> Ends:
    """Where each sequence ends; none is empty, and the tables have at least two columns.

    >>> one = Indexed(np.array([0, 3]), np.ones(3), *np.zeros((3, 3), dtype=np.int64))
    >>> tables = Tables(*(np.array([[p, p]]) for p in (0.5, 0.2, 0.0, 0.2, 0.1)))
    >>> found = trace_ends(one, tables)
    >>> found.mastery.round(3), STATES[found.state[0]]
    (array([0.993]), 'secure')
    """
    mastery, low, high = np.empty((3, indexed.sequences))
    found = Ends(mastery, low, high, np.empty(indexed.sequences, dtype=np.int64))
    _trace_ends(indexed, tables, found)
    return found


@njit(cache=True, nogil=True)
def _trace_ends(indexed: Indexed, tables: Tables, ends: Ends) -> None:
    for sequence in range(len(indexed.starts) - 1):
        _, known = trace_columns(indexed, tables, sequence)
        last = known[-1]
        low, high = interval(last[1:])
        ends.mastery[sequence] = last[0]
        ends.low[sequence], ends.high[sequence] = min(low, last[0]), max(high, last[0])
        ends.state[sequence] = state_of(known[:, 0])
