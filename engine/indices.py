"""Index tables: what working on a skill is worth now, by mastery and speed of learning.

Working on one skill is a bandit's arm: an activity teaches with some probability, its answer tells
how likely it did, and one may stop at any time. The index of the arm is the highest price per
activity at which it would still be worth going on (Gittins 1979):

    J(P) = max(0, max over activities a of (1 − P) m Tₐ − λ + Σ over answers y of p(y) J(P′))
    G(P, m) = sup {λ : J(P) > 0}

with P the mastery, m the student's speed on the skill as a multiple of the usual, and P′ the
mastery after the answer and the learning. A greedy rule looks one activity ahead and leaves a
skill whose gain looks small; the index sees that one more answer may show that it is held.

Tables are worked out once for a model and read off by every decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

import numpy as np
from numba import njit

from .tables import Floats

MASTERIES = np.linspace(-5.0, 6.6, 30)  # log-odds, .007 to .9986
SPEEDS = np.array([0.03, 0.1, 0.25, 0.5, 1.0, 2.0])
PRICES = np.geomspace(1.0, 0.004, 22)
"""Prices tried, as shares of what the best activity gives a beginner."""
SWEEPS, SETTLED, SOME = 40, 2e-4, 1e-3  # the last two as shares of one skill
LEAST_INDEX = 1e-9  # keeps the log finite
FASTEST = 0.95
BEST = 4  # activities that the price is found with; the worth of the others is read off it


class Shelf(NamedTuple):
    """A skill's activities: P(teaches), guess, slip, and 1 where a question is asked, [activity].

    >>> Shelf.of([(0.2, 0.2, 0.1, True)]).teach
    array([0.2])
    """

    teach: Floats
    guess: Floats
    slip: Floats
    asks: Floats

    @classmethod
    def of(cls, rows: Sequence[tuple[float, float, float, bool]]) -> Shelf:
        """From (teach, guess, slip, asks) of each activity."""
        return cls(*np.ascontiguousarray(np.array(rows, dtype=np.float64).reshape(-1, 4).T))


class IndexTable(NamedTuple):
    """log G, [speed, mastery], and log worth of each activity at that price, [activity, …]."""

    indices: Floats
    worth: Floats


def index_table(shelf: Shelf) -> IndexTable:
    """The index of a skill with such activities; log LEAST_INDEX everywhere where it has none.

    >>> table = index_table(Shelf.of([(0.2, 0.2, 0.1, True), (0.1, 0.2, 0.1, True)]))
    >>> bool((table.indices[:, 10] > table.indices[:, 20]).all())  # more mastery, less to gain
    True
    >>> bool((table.worth[0] > table.worth[1]).all())
    True
    """
    shape = (len(shelf.teach), len(SPEEDS), len(MASTERIES))
    index = np.full(shape[1:], LEAST_INDEX)
    worth = np.full(shape, LEAST_INDEX)
    if len(shelf.teach):
        best = np.argsort(-shelf.teach, kind="stable")[:BEST]
        _tabulate(Shelf(*(column[best] for column in shelf)), shelf, index, worth)
    return IndexTable(np.log(index), np.log(worth))


def place(grid: Floats, value: float) -> tuple[int, float]:
    """The cell of an even or uneven grid that a value lies in, and how far along, 0 to 1."""
    cell = int(np.clip(np.searchsorted(grid, value) - 1, 0, len(grid) - 2))
    along = (value - grid[cell]) / (grid[cell + 1] - grid[cell])
    return cell, float(min(max(along, 0.0), 1.0))


@njit(cache=True)
def _tabulate(best: Shelf, shelf: Shelf, index: Floats, worth: Floats) -> None:
    masteries = 1.0 / (1.0 + np.exp(-MASTERIES))
    values = np.zeros((len(PRICES), len(MASTERIES)))
    for row, speed in enumerate(SPEEDS):
        top = min(best.teach.max() * speed, FASTEST)
        values[:] = 0.0
        cells, along, chances, gains = _ahead(best, speed, masteries)
        for number, price in enumerate(PRICES):
            if number > 0:
                values[number] = values[number - 1]
            _settle(values[number], price * top, cells, along, chances, gains)
        for p in range(len(masteries)):
            first = _first_paying(values, p)
            index[row, p] = _crossing(values, p, first, top, (1.0 - masteries[p]) * top)
        _weigh(shelf, speed, masteries, values, row, worth)


@njit(cache=True)
def _ahead(
    shelf: Shelf, speed: float, masteries: Floats
) -> tuple[np.ndarray, Floats, Floats, Floats]:
    """Where every activity and answer leads: cell and way along it, P(answer), and the gain."""
    shape = (len(shelf.teach), 2, len(masteries))
    cells, along = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    chances, gains = np.zeros(shape), np.zeros((shape[0], shape[2]))
    for a in range(shape[0]):
        teach = min(shelf.teach[a] * speed, FASTEST)
        for p, mastery in enumerate(masteries):
            gains[a, p] = (1.0 - mastery) * teach
            for answer in range(2):
                chance, after = _after(shelf, a, answer, mastery, teach)
                chances[a, answer, p] = chance
                cells[a, answer, p], along[a, answer, p] = _cell(after)
    return cells, along, chances, gains


@njit(cache=True)
def _after(shelf: Shelf, a: int, answer: int, mastery: float, teach: float) -> tuple[float, float]:
    """P(answer), and the log-odds of mastery after it and the learning."""
    if shelf.asks[a] == 0.0:
        chance, known = (0.0 if answer == 0 else 1.0), mastery
    else:
        knows, guesses = 1.0 - shelf.slip[a], shelf.guess[a]
        if answer == 0:
            knows, guesses = 1.0 - knows, 1.0 - guesses
        chance = mastery * knows + (1.0 - mastery) * guesses
        known = mastery * knows / chance if chance > 0.0 else mastery
    unknown = (1.0 - known) * (1.0 - teach)
    return chance, log(max(1.0 - unknown, 1e-12) / max(unknown, 1e-12))


@njit(cache=True)
def _cell(log_odds: float) -> tuple[int, float]:
    step = MASTERIES[1] - MASTERIES[0]
    along = (log_odds - MASTERIES[0]) / step
    along = min(max(along, 0.0), len(MASTERIES) - 1.0)
    cell = min(int(along), len(MASTERIES) - 2)
    return cell, along - cell


@njit(cache=True)
def _settle(
    value: Floats, price: float, cells: np.ndarray, along: Floats, chances: Floats, gains: Floats
) -> None:
    """`value` is J at the price; it begins below (J falls as the price rises) and only grows."""
    for _ in range(SWEEPS):
        moved = 0.0
        for p in range(len(value) - 1, -1, -1):
            most = 0.0
            for a in range(len(gains)):
                found = gains[a, p] - price
                for answer in range(2):
                    cell, way = cells[a, answer, p], along[a, answer, p]
                    later = value[cell] + way * (value[cell + 1] - value[cell])
                    found += chances[a, answer, p] * later
                most = max(most, found)
            moved = max(moved, abs(most - value[p]))
            value[p] = most
        if moved < SETTLED:
            return


@njit(cache=True)
def _first_paying(values: Floats, p: int) -> int:
    """The highest price at which going on pays, by number; the last where none does."""
    for number in range(len(values)):
        if values[number, p] > SOME:
            return number
    return len(values) - 1


@njit(cache=True)
def _crossing(values: Floats, p: int, first: int, top: float, least: float) -> float:
    """The price at which J reaches 0, between the first that pays and the one above it."""
    price = PRICES[first] * top
    if values[first, p] <= SOME:
        return max(least, LEAST_INDEX)
    above = PRICES[max(first - 1, 0)] * top
    if first + 1 < len(values):
        below = PRICES[first + 1] * top
        slope = (values[first + 1, p] - values[first, p]) / (price - below)
        if slope > 0.0:
            price = min(price + values[first, p] / slope, above)
    return float(max(price, least, LEAST_INDEX))


@njit(cache=True)
def _weigh(
    shelf: Shelf, speed: float, masteries: Floats, values: Floats, row: int, worth: Floats
) -> None:
    """What each activity gives at the price of the index: its teaching and what it leads to."""
    cells, along, chances, gains = _ahead(shelf, speed, masteries)
    for p in range(len(masteries)):
        value = values[_first_paying(values, p)]
        for a in range(len(gains)):
            found = gains[a, p]
            for answer in range(2):
                cell, way = cells[a, answer, p], along[a, answer, p]
                later = value[cell] + way * (value[cell + 1] - value[cell])
                found += chances[a, answer, p] * later
            worth[a, row, p] = max(found, LEAST_INDEX)


@njit(cache=True)
def read(table: Floats, log_odds: float, speed: float) -> float:
    """A table [speed, mastery] at any mastery and speed; below the lowest speed in proportion."""
    cell, along = _cell(log_odds)
    row, way, slower = _row(speed)
    low = table[row, cell] + along * (table[row, cell + 1] - table[row, cell])
    high = table[row + 1, cell] + along * (table[row + 1, cell + 1] - table[row + 1, cell])
    found: float = low + way * (high - low) + slower
    return found


@njit(cache=True)
def _row(speed: float) -> tuple[int, float, float]:
    """The row below a speed, the way to the next, and the log of what the table leaves out."""
    if speed <= SPEEDS[0]:
        return 0, 0.0, log(max(speed, 1e-6) / SPEEDS[0])
    for row in range(len(SPEEDS) - 2, -1, -1):
        if speed >= SPEEDS[row]:
            way = log(speed / SPEEDS[row]) / log(SPEEDS[row + 1] / SPEEDS[row])
            return row, min(way, 1.0), 0.0
    return 0, 0.0, 0.0


def index_of(table: IndexTable, mastery: float, speed: float = 1.0) -> float:
    """G at a mastery and speed.

    >>> table = index_table(Shelf.of([(0.2, 0.2, 0.1, True)]))
    >>> index_of(table, 0.9) > 2 * (1 - 0.9) * 0.2  # more than the gain of one activity
    True
    """
    p = min(max(mastery, 1e-12), 1.0 - 1e-12)
    return exp(read(table.indices, log(p / (1.0 - p)), speed))
