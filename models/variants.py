"""Members of the family whose parameters depend on more than the skill: how they are fitted.

Under MAP every row (an item's guess, an activity's learn, …) is shrunk towards its skill's own
value, as if it had been met a few times more at that rate: what was met once says little, what was
met a hundred times speaks for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.parameters import FORGET, GUESS, LEARN, PRIOR, SLIP, Emission, SkillEstimate
from engine.tables import Floats, Integers

from .ascent import SMALLEST, Ascent, Point
from .coordinates import Coordinates
from .curvature import covariance_of
from .fitting import DIFFERENCE, Fit
from .layout import Layout, Rows
from .objective import Objective
from .sequences import Sequences

ITEM_RESPONSES = 5.0
"""Responses' worth of the skill's own rates that each row starts from, under MAP; chosen among 5,
10 and 20 on held-out training students of ASSISTments 2009, for items."""
CLEARLY = 1e-9  # in log-likelihood: less is rounding


class VariantFit(NamedTuple):
    """What a fit found: the skills as if they had no rows, and the value of every row.

    fit     as for classic BKT; a skill's parameters are those of its average response, and their
            covariance is that of a shift of all its rows together
    values  for each parameter, [row]
    """

    fit: Fit
    values: tuple[Floats, ...]


def fit_variants(
    layout: Layout,
    sequences: Sequences,
    goal: Objective,
    skills: Floats,
    *,
    known: Iterable[Sequence[Floats]] = (),
) -> VariantFit:
    """Fits every row of every parameter.

    `skills`, shape [skill, 5], are the parameters without rows: where the climb starts, and what
    rows are shrunk towards. `known` are other places worth a look, values for each parameter [row]:
    no skill ends lower than at any of them.
    """
    coordinates = coordinates_of(layout, goal, skills)
    ascent = Ascent(layout.indexed, sequences.skill_starts, coordinates)
    start = [skills[rows.skill, p] for p, rows in enumerate(layout.rows)]
    top, arrived = ascent.climb(np.concatenate(start))
    for values in known:
        logits = coordinates.logits(np.concatenate(values))
        there = ascent.at(logits, np.arange(ascent.skills))
        higher = there.height > top.height + CLEARLY
        if higher.any():
            begin = ascent.merged(higher, there, top)
            top, arrived = ascent.climb(coordinates.values(begin.logits))
    return _report(ascent, top, arrived, goal)


def coordinates_of(layout: Layout, goal: Objective, skills: Floats) -> Coordinates:
    """Parameters that only a skill has keep the priors of classic BKT; rows are shrunk to it."""
    rows = layout.rows
    sizes = tuple(map(len, rows))
    owner = np.concatenate([one.skill for one in rows])
    parameter = np.repeat(np.arange(5), sizes)
    plain = np.concatenate([np.full(len(one), _only_skills(one)) for one in rows])
    rate = skills[owner, parameter]
    weight = ITEM_RESPONSES if goal.successes.any() else 0.0
    given = np.broadcast_to(goal.fixed, skills.shape)[owner, parameter]
    return Coordinates(
        sizes=sizes,
        owner=owner,
        successes=np.where(plain, goal.successes[parameter], weight * rate),
        failures=np.where(plain, goal.failures[parameter], weight * (1.0 - rate)),
        lower=goal.lower[parameter],
        upper=goal.upper[parameter],
        given=given,
        learn_of=layout.learn_of,
        forget_of=layout.forget_of,
    )


def _only_skills(rows: Rows) -> bool:
    return all(key is None for key in rows.key)


def _report(ascent: Ascent, top: Point, arrived: np.ndarray, goal: Objective) -> VariantFit:
    coordinates = ascent.coordinates
    values = coordinates.values(top.logits)
    log_likelihood, counts = ascent.counted(values, np.arange(ascent.skills))
    table = np.repeat(np.arange(5), coordinates.sizes)
    parameters = _averages(coordinates, values, counts, table, ascent.skills)
    hessian = ascent.information(top, table, DIFFERENCE)
    fit = Fit(
        parameters,
        log_likelihood,
        covariance_of(hessian, goal.free),
        ascent.steepness(top),
        arrived,
    )
    return VariantFit(fit, tuple(coordinates.parts(values)))


def _averages(
    coordinates: Coordinates, values: Floats, counts: Floats, table: Integers, skills: int
) -> Floats:
    """The rates over a skill's responses: its rows', weighted by how often each counted."""
    cell = coordinates.owner * 5 + table
    # a row that never counted still says what it was shrunk to
    weight = counts.sum(axis=1) + SMALLEST
    total = np.bincount(cell, weights=weight * values, minlength=skills * 5)
    return np.asarray(total / np.bincount(cell, weights=weight, minlength=skills * 5)).reshape(
        skills, 5
    )


def with_rows(
    estimates: Mapping[str, SkillEstimate], found: VariantFit, layout: Layout
) -> dict[str, SkillEstimate]:
    """The skills' estimates, in their order, with the rows of their own."""
    own = [
        _by_skill(rows, values, len(estimates))
        for rows, values in zip(layout.rows, found.values, strict=True)
    ]
    return {
        skill: replace(
            estimate,
            priors=own[PRIOR][number],
            learns=own[LEARN][number],
            forgets=own[FORGET][number],
            items={
                item: Emission(guess, own[SLIP][number][item])
                for item, guess in own[GUESS][number].items()
            },
        )
        for number, (skill, estimate) in enumerate(estimates.items())
    }


def _by_skill(rows: Rows, values: Floats, skills: int) -> list[dict[str, float]]:
    """The value of every key, skill by skill."""
    found: list[dict[str, float]] = [{} for _ in range(skills)]
    for skill, key, value in zip(rows.skill.tolist(), rows.key, values.tolist(), strict=True):
        if key is not None:
            found[skill][key] = value
    return found
