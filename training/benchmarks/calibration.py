"""Is the hierarchical model's posterior right: ranks of the truth, coverage of intervals.

Ranks ask the model itself, on answers to its own story. Coverage asks the fit that a user makes,
on that story and on one that it does not tell (`strangers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.tables import Floats, Integers
from models import BKT
from models.hierarchical.ranks import ranks, unevenness
from models.hierarchical.simulating import School, design, simulated

from .strangers import strangers

Progress = Callable[[str], None]

SCHOOLS, DRAWS, THIN = 300, 19, 20
"""Schools ranked, posterior draws beside each truth, and steps between two of them."""
CONTROLS, MISTAKEN = 60, 2.0
"""Schools ranked by a mistaken posterior too: to it items differ so many times as much."""
SIZES, REPEATS, FIRST_SEED = (40, 150, 300), 10, 100
OTHERS = ("laplace", "svi")
OTHER_SIZE, OTHER_REPEATS = 40, 6


def rank_rows(
    schools: int = SCHOOLS,
    *,
    draws: int = DRAWS,
    thin: int = THIN,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """For every group of effects and for abilities: how often the truth had each rank.

    `unevenness` is χ² by its freedom, 1 for uniform ranks on average, and `p` how often uniform
    ranks would be as uneven; effects of one school are nearly, not quite, independent.
    """
    worlds = [_small(seed) for seed in range(schools)]
    found = _ranked(worlds, draws, thin, progress)
    rows = [_rank_row(site, one, draws) for site, one in found.items() if one.size]
    return [_rank_row("all", np.concatenate(list(found.values())), draws), *rows]


def control_rows(
    schools: int = CONTROLS, *, draws: int = DRAWS, thin: int = THIN
) -> list[dict[str, Any]]:
    """The same of items where the posterior is wrong on purpose, and the ranks must show it."""
    worlds = [_small(seed) for seed in range(schools)]
    wrong = [_mistaken(world) for world in worlds]
    return [
        {**_rank_row("item", _ranked(some, draws, thin, None)["item"], draws), "posterior": name}
        for name, some in (("right", worlds), ("items twice as different", wrong))
    ]


def _small(seed: int) -> School:
    rows = design(students=15, skills=3, items=2, responses=12, seed=seed)
    return simulated(rows, seed=seed)


def _mistaken(school: School) -> School:
    return replace(school, scales=replace(school.scales, item=MISTAKEN * school.scales.item))


def _ranked(
    worlds: Sequence[School], draws: int, thin: int, progress: Progress | None
) -> dict[str, Integers]:
    """The ranks of all schools, by site."""
    found: dict[str, list[Integers]] = {}
    for number, world in enumerate(worlds):
        for site, one in ranks(world, seed=number, draws=draws, thin=thin).items():
            found.setdefault(site, []).append(one.ravel())
        if progress is not None and (number + 1) % 50 == 0:
            progress(f"ranked {number + 1} of {len(worlds)} schools")
    return {site: np.concatenate(some) for site, some in found.items()}


def _rank_row(site: str, found: Integers, draws: int) -> dict[str, Any]:
    uneven = unevenness(found, draws)
    return {
        "effects": site,
        "ranks": found.size,
        "unevenness": uneven,
        "p": _beyond(uneven, draws),
        "mean_rank": float(found.mean()) / draws,
        "counts": np.bincount(found, minlength=draws + 1).tolist(),
    }


def _beyond(ratio: float, freedom: int) -> float:
    """P(χ² by its freedom > ratio), after Wilson & Hilferty (1931).

    >>> round(_beyond(16.92 / 9, 9), 2)
    0.05
    """
    width = 2.0 / (9.0 * freedom)
    return 1.0 - NormalDist().cdf((ratio ** (1.0 / 3.0) - 1.0 + width) / width**0.5)


class Case(NamedTuple):
    """Schools of one kind, and the fit whose intervals are looked at."""

    story: str
    students: int
    inference: str
    repeats: int


def cases() -> list[Case]:
    """The schools looked at: all stories in every size; the other ways to fit on small ones."""
    maps = [Case(story, size, "map", REPEATS) for story in STORIES for size in SIZES]
    return [*maps, *(Case(OWN, OTHER_SIZE, name, OTHER_REPEATS) for name in OTHERS)]


def coverage_rows(
    wanted: Sequence[Case] | None = None, *, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """How often the 90 % interval of P(mastered) holds what the true rates and the true ability
    would say, over all responses; `deviation` is that between schools."""
    shown = []
    for case in cases() if wanted is None else wanted:
        found = np.array([_coverage(case, FIRST_SEED + n) for n in range(case.repeats)])
        held, missed_by, width = found.T
        shown.append(
            {
                **case._asdict(),
                "coverage": float(held.mean()),
                "deviation": float(held.std()),
                "lowest": float(held.min()),
                "missed_by": float(missed_by.mean()),
                "width": float(width.mean()),
            }
        )
        if progress is not None:
            progress(f"{case.story}, {case.students} students, {case.inference}: looked at")
    return shown


def _coverage(case: Case, seed: int) -> tuple[float, float, float]:
    """The share of intervals that hold the truth, how far it lies outside the others on average,
    and how wide they all are."""
    events, mastered = STORIES[case.story](case.students, seed)
    model = BKT(items=True, ability=True, forgets=True, inference=case.inference)
    found = model.fit(events).trace(events)
    low, high = found["p_mastery_low"].to_numpy(), found["p_mastery_high"].to_numpy()
    outside = np.maximum(np.maximum(low - mastered, mastered - high), 0.0)
    missed = outside > 0.0
    by = float(outside[missed].mean()) if missed.any() else 0.0
    return 1.0 - float(missed.mean()), by, float((high - low).mean())


def _own(students: int, seed: int) -> tuple[pd.DataFrame, Floats]:
    rows = design(students=students, skills=4, items=5, responses=30, seed=seed)
    school = simulated(rows, seed=seed)
    return school.events, school.mastered


def _another(students: int, seed: int, *, forget: bool = True) -> tuple[pd.DataFrame, Floats]:
    return strangers(students=students, skills=4, items=5, responses=30, seed=seed, forget=forget)


def _remembering(students: int, seed: int) -> tuple[pd.DataFrame, Floats]:
    return _another(students, seed, forget=False)


OWN, ANOTHER, REMEMBERING = "its own", "another", "another, nobody forgets"
STORIES: dict[str, Callable[[int, int], tuple[pd.DataFrame, Floats]]] = {
    OWN: _own,
    ANOTHER: _another,
    REMEMBERING: _remembering,
}
