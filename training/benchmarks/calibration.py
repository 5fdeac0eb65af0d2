"""Is the hierarchical model's posterior right: ranks of the truth, coverage of intervals."""

from __future__ import annotations

from typing import Any

import numpy as np

from models import BKT
from models.hierarchical.ranks import DRAWS, ranks, unevenness
from models.hierarchical.simulating import design, simulated

SCHOOLS = 200
SIZES = (40, 150, 300)
REPEATS = 10


def rank_rows(schools: int = SCHOOLS) -> list[dict[str, Any]]:
    """For every group of effects: how uneven the ranks of the truth are, χ² by its freedom.

    1 is what uniform ranks give on average; effects of one school are nearly, not quite,
    independent of each other.
    """
    rows = design(students=10, skills=3, items=2, responses=10, seed=0)
    worlds = [simulated(rows, seed=seed) for seed in range(schools)]
    found = np.stack([ranks(world, seed=n) for n, world in enumerate(worlds)])
    shown, at = [], 0
    for site, size in worlds[0].shape.sites.items():
        width = int(np.prod(size))
        if site == "past" or width == 0:  # given, or nothing in so small a course has such effects
            continue
        own = found[:, at : at + width]
        at += width
        shown.append(
            {
                "effects": site,
                "ranks": own.size,
                "unevenness": unevenness(own),
                "mean_rank": float(own.mean()) / DRAWS,
            }
        )
    return shown


def coverage_rows(
    sizes: tuple[int, ...] = SIZES, repeats: int = REPEATS, inference: str = "map"
) -> list[dict[str, Any]]:
    """For schools of every size: how often the 90 % interval of P(mastered) holds what the true
    parameters and the true ability would say."""
    shown = []
    for students in sizes:
        shares, widths = [], []
        for seed in range(repeats):
            rows = design(students=students, skills=4, items=5, responses=30, seed=seed)
            school = simulated(rows, seed=seed)
            model = BKT(items=True, ability=True, forgets=True, inference=inference)
            found = model.fit(school.events).trace(school.events)
            low, high = found["p_mastery_low"], found["p_mastery_high"]
            shares.append(float(((low <= school.mastered) & (school.mastered <= high)).mean()))
            widths.append(float((high - low).mean()))
        shown.append(
            {
                "students": students,
                "schools": repeats,
                "coverage": float(np.mean(shares)),
                "lowest": min(shares),
                "width": float(np.mean(widths)),
            }
        )
    return shown
