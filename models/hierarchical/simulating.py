"""Students drawn from the hierarchical model itself: worlds in which its posterior should be right.

Skills, items and population are drawn from the priors, abilities from the grid, and the hidden
states and answers from the rates that follow. Earlier answers have no weight in these worlds:
what a response depends on is then known before any answer is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
import torch

from engine.ability import Rates, follow, grid
from engine.contexts import LAG
from engine.effects import Effects, Situations, rates_of
from engine.tables import Floats, Integers

from .fitting import NODES, numbers, tensors
from .ingredients import Ingredients
from .responses import laid_out
from .story import Scales, Shape, effects_of, shape_of

WITHOUT_HISTORY = Ingredients(history=False)
HALF = 0.5  # average of a course whose recent answers have no weight: it is not read


@dataclass(frozen=True)
class School:
    """Responses of simulated students, and the truth behind them.

    values    the standard normal effects; `scales` and `shape` go with them
    ability   [student] in the order of the students of the layout
    mastered  P(mastered | true parameters, true ability, answers so far), [event] of `events`
    """

    events: pd.DataFrame
    values: dict[str, Floats]
    scales: Scales
    shape: Shape
    ability: Floats
    mastered: Floats


def design(*, students: int, skills: int, items: int, responses: int, seed: int) -> pd.DataFrame:
    """Who answers what, in which order; `correct` is still 0 everywhere.

    Every tenth response is to a combination of two skills.

    >>> design(students=2, skills=3, items=2, responses=5, seed=0).shape
    (10, 4)
    """
    chance = np.random.default_rng(seed)
    rows = students * responses
    first, other = chance.integers(0, skills, (2, rows))
    item, both = chance.integers(0, items, rows), chance.random(rows) < 0.1
    low, high = np.minimum(first, other), np.maximum(first, other)
    skill = [
        f"k{low[n]}~~k{high[n]}" if both[n] and first[n] != other[n] else f"k{first[n]}"
        for n in range(rows)
    ]
    student = np.repeat(np.arange(students), responses)
    return pd.DataFrame(
        {
            "student": [f"s{n:04d}" for n in student],
            "skill": skill,
            "item": [f"{skill[n]} {item[n]}" for n in range(rows)],
            "correct": 0,
        }
    )


def simulated(
    rows: pd.DataFrame,
    *,
    seed: int,
    scales: Scales | None = None,
    ingredients: Ingredients = WITHOUT_HISTORY,
) -> School:
    """A school whose effects are drawn from the priors and whose answers follow from them."""
    chance = np.random.default_rng((seed, 7))
    laid = laid_out(rows, average=HALF, gaps=LAG)
    shape, scales = replace(shape_of(laid, LAG, ingredients), pairs=0), scales or Scales()
    values = {site: chance.standard_normal(size) for site, size in shape.sites.items()}
    values["past"] = np.zeros(shape.sites["past"])
    with torch.no_grad():
        effects = numbers(effects_of(tensors(values), scales, shape))
    abilities, weights = grid(NODES)
    ability = chance.choice(abilities, laid.students, p=weights)
    at = np.repeat(ability, np.diff(laid.history.starts))
    rates = _given(
        rates_of(effects, without_pairs(laid.situations)), effects, laid.history.skill, at
    )
    correct = _answered(laid.history.starts, laid.history.skill, rates, chance)
    events = rows.copy()
    events.loc[events.index[laid.order], "correct"] = correct
    mastered = np.empty(len(rows))
    known = follow(laid.history.starts, laid.history.skill, correct.astype(float), rates, nodes=1)
    mastered[laid.order] = known.p_mastery
    return School(events, values, scales, shape, ability, mastered)


def without_pairs(situations: Situations) -> Situations:
    """The same situations where no skill is easier or harder after another: pairs rest on answers,
    which are still to be drawn."""
    return situations._replace(pair=np.zeros_like(situations.pair))


def _given(rates: Rates, effects: Effects, skill: Integers, ability: Floats) -> Rates:
    """The rates of responses whose ability is known."""
    prior, learn, forget, guess, known = (
        rates[p] + effects.loadings[skill, p] * ability for p in range(5)
    )
    return Rates(prior, learn, forget, guess, known, np.zeros_like(effects.loadings))


def _answered(
    starts: Integers,
    skill: Integers,
    rates: Rates,
    chance: np.random.Generator,
) -> Integers:
    """Hidden states and answers, one response after the other."""
    share = [1.0 / (1.0 + np.exp(-logits)) for logits in rates[:5]]
    found = np.zeros(len(skill), dtype=np.int64)
    for first, stop in pairwise(starts):
        mastered: dict[int, bool] = {}
        for event in range(first, stop):
            one, before = int(skill[event]), mastered.get(int(skill[event]))
            if before is None:
                known = share[0][event]
            else:
                known = 1.0 - share[2][event] if before else share[1][event]
            mastered[one] = bool(chance.random() < known)
            right = share[4][event] if mastered[one] else share[3][event]
            found[event] = chance.random() < right
    return found
