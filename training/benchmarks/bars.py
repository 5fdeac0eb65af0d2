"""What each bar of the tiers costs and brings, on year groups that no report is about.

Every bar is moved alone, in every world, with 4 and 10 answers a week, questions spread evenly and
half by the diagnostic. Printed is the worst of the conditions for what must stay small, and the
mean for the rest: the bars in force were chosen from this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from data.tier_worlds import WORLDS
from engine.tier_review import BARS, Bars

from .tier_terms import Term, term
from .tiers import PER_WEEK, QUESTIONS, reviewed, scored

TRIED: dict[str, tuple[float, ...]] = {
    "first": (0.80, 0.95),
    "move": (0.80, 0.85, 0.92, 0.95),
    "rarely_opposite": (0.01, 0.05),
    "too_often_opposite": (0.05, 0.20),
    "firm": (0.42, 0.60),
    "answers_per_skill": (1.0, 3.0),
}


def tried_bars(*, students: int, seeds: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """The bars in force, then each other value of each bar, with what comes of it."""
    terms = [
        (world, term(world, seed, per_week, share, students))
        for world in WORLDS
        for per_week in PER_WEEK
        for share in list(QUESTIONS.values())[:2]
        for seed in seeds
    ]
    yield {"bar": "in force", "value": "", **_figures(terms, BARS)}
    for name, values in TRIED.items():
        for value in values:
            bars = BARS._replace(**{name: value})
            yield {"bar": name, "value": f"{value:g}", **_figures(terms, bars)}


def _figures(terms: list[tuple[str, Term]], bars: Bars) -> dict[str, float]:
    found = [(world, scored(one, reviewed(one, bars))) for world, one in terms]

    def mean(name: str, of: str | None = None) -> float:
        return float(np.mean([row[name] for world, row in found if of in (None, world)]))

    return {
        "needless_bkt": mean("needless", "BKT"),
        "needless_continuous": mean("needless", "continuous"),
        "severe_worst": max(row["severe"] for _, row in found),
        "severe": mean("severe"),
        "firm": mean("firm"),
        "right": mean("right"),
        "loss": mean("loss"),
    }
