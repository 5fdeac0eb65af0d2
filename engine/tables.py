"""Five tables, three indices: how every member of the family reads its parameters.

    prior          [prior row]       chosen for each sequence
    learn, forget  [transition row]  chosen for each step from one response to the next
    guess, slip    [emission row]    chosen for each response

Members differ only in the rows that responses read: a guess and slip for every item (Pardos &
Heffernan 2011), learning by resource (Pardos & Heffernan 2010), forgetting by the time since the
last practice. Every table has columns beside its rows: parameter sets that are followed side by
side, be they draws around an estimate or nodes of a student's ability.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NO_ROW = -1


class Tables(NamedTuple):
    """The five tables, each [row, column], of probabilities."""

    prior: Floats
    learn: Floats
    forget: Floats
    guess: Floats
    slip: Floats

    @property
    def columns(self) -> int:
        """How many parameter sets lie side by side."""
        return int(self.prior.shape[1])


class Indexed(NamedTuple):
    """Responses, sequence after sequence, and the table rows that each reads.

    starts      [sequence + 1] where each sequence begins
    correct     [event]
    prior       [sequence] row of `prior`
    transition  [event] row of `learn` and `forget` for the step that leads to the event; the first
                event of a sequence has none (whatever stands there is not read)
    emission    [event] row of `guess` and `slip`
    """

    starts: Integers
    correct: Floats
    prior: Integers
    transition: Integers
    emission: Integers

    @property
    def sequences(self) -> int:
        return len(self.starts) - 1


def classic_tables(parameters: Floats) -> Tables:
    """Tables with a row for every skill, from `parameters` of shape [skill, 5].

    >>> classic_tables(np.array([[0.4, 0.1, 0.0, 0.2, 0.1]])).learn
    array([[0.1]])
    """
    return Tables(*(np.ascontiguousarray(column[:, None]) for column in parameters.T))


def classic_indexed(starts: Integers, rows: Integers, correct: Floats) -> Indexed:
    """Responses that read one row for everything: that of their sequence's skill, [sequence].

    >>> classic_indexed(np.array([0, 2, 3]), np.array([1, 0]), np.ones(3)).emission
    array([1, 1, 0])
    """
    row = np.repeat(rows, np.diff(starts))
    return Indexed(starts, correct, rows, row, row)
