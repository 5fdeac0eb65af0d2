"""Students drawn from the hierarchical model itself: worlds in which its posterior should be right.

Skills, items, pairs and population are drawn from the priors, abilities from the grid; hidden
states and answers follow, response after response, each from what the ones before it make of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from engine.ability import Rates, follow, grid
from engine.contexts import LAG
from engine.effects import Effects, Situations, rates_of, situations_of
from engine.history import History, past_of
from engine.pairs import coded
from engine.tables import Floats, Integers

from .fitting import NODES, numbers, tensors
from .ingredients import Ingredients
from .responses import Laid, laid_out
from .story import Scales, Shape, effects_of, shape_of

EVERYTHING = Ingredients()
HALF = 0.5
"""Share of right answers to expect of anybody, in all these worlds."""


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
    ingredients: Ingredients = EVERYTHING,
) -> School:
    """A school whose effects are drawn from the priors and whose answers follow from them."""
    chance, scales = np.random.default_rng((seed, 7)), scales or Scales()
    asked = laid_out(rows, average=HALF, gaps=LAG)
    values, effects = _drawn(asked, scales, ingredients, chance)
    abilities, weights = grid(NODES)
    ability = chance.choice(abilities, asked.students, p=weights)
    correct = _answered(asked, effects, ability, chance)
    events = rows.copy()
    events.loc[events.index[asked.order], "correct"] = correct.astype(np.int64)
    laid = laid_out(events, average=HALF, gaps=LAG)
    before, now, right = laid.pairs.T
    met = coded(before, now, right, len(laid.skills))
    at = np.repeat(ability, np.diff(laid.history.starts))
    rates = _given(effects, laid.situations._replace(pair=_orders(laid.history)), at)
    mastered = np.empty(len(rows))
    known = follow(laid.touches, correct, rates, nodes=1)
    mastered[laid.order] = known.p_mastery
    shape = shape_of(laid, LAG, ingredients)
    return School(events, {**values, "pair": values["pair"][met]}, scales, shape, ability, mastered)


def _drawn(
    asked: Laid, scales: Scales, ingredients: Ingredients, chance: np.random.Generator
) -> tuple[dict[str, Floats], Effects]:
    """Standard normal values of every effect, one for each pair that could be met, and the effects
    behind them."""
    every = Shape(asked.parts, len(asked.items), 2 * len(asked.skills) ** 2, LAG, ingredients)
    values = {site: chance.standard_normal(size) for site, size in every.sites.items()}
    with torch.no_grad():
        return values, numbers(effects_of(tensors(values), scales, every))


def _answered(
    asked: Laid, effects: Effects, ability: Floats, chance: np.random.Generator
) -> Floats:
    """Hidden states and answers, one response of every student after the other, [event]."""
    starts = asked.history.starts
    history = asked.history._replace(correct=np.zeros(len(asked.history.skill)))
    mastered = np.zeros((len(starts) - 1, len(asked.skills)), dtype=np.bool_)
    for turn in range(int(np.diff(starts).max(initial=0))):
        student = np.flatnonzero(np.diff(starts) > turn)
        now = starts[student] + turn
        past = past_of(history, asked.parts, HALF)
        pair = _orders(history)
        situations = situations_of(history, past, LAG, items=len(asked.items), pair=pair).at(now)
        prior, learn, forget, guess, known, _ = _given(effects, situations, ability[student])
        skill, again = situations.skill, past.before[now] >= 0
        before = mastered[student, skill]
        state = np.where(again, np.where(before, -forget, learn), prior)
        after = chance.random(len(now)) < _sigmoid(state)
        mastered[student, skill] = after
        history.correct[now] = chance.random(len(now)) < _sigmoid(np.where(after, known, guess))
    return history.correct


def _orders(history: History) -> Integers:
    """The number of the pair that each response forms with the one before, of all that could be;
    a student's first response has the number after the last, [event]."""
    skill, skills = history.skill, int(history.skill.max(initial=-1)) + 1
    right = (history.correct > 0.5).astype(np.int64)
    found = coded(np.roll(skill, 1), skill, np.roll(right, 1), skills)
    found[history.starts[:-1]] = 2 * skills**2
    return found


def _given(effects: Effects, situations: Situations, ability: Floats) -> Rates:
    """The rates of responses whose ability, [event], is known."""
    rates = rates_of(effects, situations)
    prior, learn, forget, guess, known = (
        rates[p] + effects.loadings[situations.skill, p] * ability for p in range(5)
    )
    return Rates(prior, learn, forget, guess, known, np.zeros_like(effects.loadings))


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))
