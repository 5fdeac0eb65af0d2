"""A guess and a slip for every item: which items a skill has, and how their tables are fitted.

Items are shrunk towards their skill's own guess and slip, as if each had been answered a few times
more at those rates: an item met once says little, one met a hundred times speaks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.parameters import Emission

from .ascent import SMALLEST, Ascent, Rows
from .fitting import DIFFERENCE, Fit, covariance_of
from .objective import GUESS, Objective
from .sequences import Floats, Integers, Sequences, codes_of
from .tables import NO_ROW, Indexed, count

ITEM_RESPONSES = 5.0
"""Responses' worth of the skill's own rates that each item starts from, under MAP; chosen among 5,
10 and 20 on held-out training students of ASSISTments 2009."""


ITEM_COLUMNS = ("item", "problem_id")


@dataclass(frozen=True)
class ItemRows:
    """The emission rows: one for every item of every skill.

    skill  [row]
    item   [row] the item's id; None for responses without one
    """

    skill: Integers
    item: tuple[str | None, ...]


def has_items(events: pd.DataFrame) -> bool:
    """Whether the table says which item each response answers."""
    return any(name in events for name in ITEM_COLUMNS)


def item_column(events: pd.DataFrame) -> pd.Series[Any]:
    """The column `item` (pyBKT: `problem_id`). Raises `InvalidInput` where there is none."""
    for name in ITEM_COLUMNS:
        if name in events:
            return events[name]
    found = ", ".join(map(str, events.columns))
    raise InvalidInput.at("column item", found, "a column item, or a model without items")


def indexed_by_item(sequences: Sequences, items: pd.Series[Any]) -> tuple[Indexed, ItemRows]:
    """The rows that every response reads when each item has its own guess and slip."""
    item, names = codes_of(items)
    skill = np.repeat(sequences.skill_of, np.diff(sequences.starts))
    pair = skill * (len(names) + 1) + item[sequences.order] + 1
    pairs, emission = np.unique(pair, return_inverse=True)
    transition = skill.copy()
    transition[sequences.starts[:-1]] = NO_ROW
    rows = ItemRows(
        skill=pairs // (len(names) + 1),
        item=tuple(
            None if code == 0 else str(names[code - 1]) for code in pairs % (len(names) + 1)
        ),
    )
    correct = sequences.correct[sequences.order]
    indexed = Indexed(
        sequences.skill_starts,
        sequences.starts,
        correct,
        sequences.skill_of,
        transition,
        emission.astype(np.int64),
    )
    return indexed, rows


class ItemFit(NamedTuple):
    """What a fit with items found: the skills as without them, and a guess and slip per row.

    fit     as for classic BKT; a skill's guess and slip are those of its average response, and
            their covariance is that of a shift of all its items together
    guess   [row]
    slip    [row]
    """

    fit: Fit
    guess: Floats
    slip: Floats


def fit_items(indexed: Indexed, items: ItemRows, goal: Objective, skills: Floats) -> ItemFit:
    """Fits every item's guess and slip with its skill's prior, learn and forget.

    `skills`, shape [skill, 5], are the parameters without items: where the climb starts, and what
    items are shrunk towards.
    """
    rows = rows_for(items, goal, skills)
    ascent = Ascent(indexed, rows)
    start = np.concatenate([*skills[:, :GUESS].T, *skills[items.skill][:, GUESS:].T])
    values, arrived = ascent.climb(start)
    return _report(ascent, values, arrived, goal)


def rows_for(items: ItemRows, goal: Objective, skills: Floats) -> Rows:
    """Skill rows have the priors of classic BKT; item rows are shrunk towards their skill."""
    count_of = len(skills)
    weight = ITEM_RESPONSES if goal.successes.any() else 0.0
    rates = skills[items.skill][:, GUESS:].T
    shared = np.ones((3, count_of))
    return Rows(
        sizes=(count_of, count_of, count_of, len(items.skill), len(items.skill)),
        owner=np.concatenate([np.tile(np.arange(count_of), 3), items.skill, items.skill]),
        successes=np.concatenate([*(shared * goal.successes[:GUESS, None]), *(weight * rates)]),
        failures=np.concatenate([*(shared * goal.failures[:GUESS, None]), *(weight * (1 - rates))]),
        upper=np.repeat(goal.upper, [count_of] * 3 + [len(items.skill)] * 2),
        free=np.repeat(goal.free, [count_of] * 3 + [len(items.skill)] * 2),
    )


def _report(ascent: Ascent, values: Floats, arrived: NDArray[np.bool_], goal: Objective) -> ItemFit:
    rows, everything = ascent.rows, np.arange(ascent.skills)
    found = count(ascent.indexed, rows.tables(values), everything)
    tables = rows.tables(values)
    owner = rows.owner[-len(tables.slip) :]
    parameters = np.stack(
        [
            tables.prior,
            tables.learn,
            tables.forget,
            _average(tables.guess, found.counts.guess, owner, ascent.skills),
            _average(tables.slip, found.counts.slip, owner, ascent.skills),
        ],
        axis=1,
    )
    gradient = ascent.gradient(values, np.concatenate(found.counts))
    steepest = np.zeros(ascent.skills)
    np.maximum.at(steepest, rows.owner, np.abs(gradient))
    covariance = covariance_of(_hessian(ascent, values), goal.free)
    fit = Fit(parameters, found.log_likelihood, covariance, steepest, arrived)
    return ItemFit(fit, tables.guess, tables.slip)


def _average(rates: Floats, counts: Floats, owner: Integers, skills: int) -> Floats:
    """The rate over a skill's responses: its items' rates, weighted by how often each was met."""
    weight = counts.sum(axis=1) + SMALLEST
    total = np.bincount(owner, weights=weight * rates, minlength=skills)
    return np.asarray(total / np.bincount(owner, weights=weight, minlength=skills))


def _hessian(ascent: Ascent, values: Floats) -> Floats:
    """Curvature in the five directions in which a whole table of a skill moves, [skill, 5, 5]."""
    logits = ascent.logits(values)
    sizes = ascent.rows.sizes
    table = np.repeat(np.arange(5), sizes)
    hessian = np.empty((ascent.skills, 5, 5))
    for moved in range(5):
        shift = DIFFERENCE * ((table == moved) & ascent.rows.free)
        ahead, behind = (ascent.slopes(logits + sign * shift, table) for sign in (1.0, -1.0))
        hessian[:, moved] = (ahead - behind) / (2.0 * DIFFERENCE)
    return (hessian + hessian.transpose(0, 2, 1)) / 2.0


def emissions_by_skill(
    found: ItemFit, items: ItemRows, skills: tuple[str, ...]
) -> dict[str, dict[str, Emission]]:
    """Each skill's items with their guess and slip."""
    result: dict[str, dict[str, Emission]] = {}
    rows = zip(items.skill, items.item, found.guess.tolist(), found.slip.tolist(), strict=True)
    for skill, item, guess, slip in rows:
        if item is not None:
            result.setdefault(skills[skill], {})[item] = Emission(guess, slip)
    return result
