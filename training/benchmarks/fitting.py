"""The race to fit: classic BKT for every skill, Trellis beside pyBKT, by plain maximum likelihood.

Both sides get the same rows as a DataFrame in memory (a combination of skills counts as one
skill), run on the same machine with the threads they take by default, and take turns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numba
import pandas as pd

from engine.bundle import Bundle
from engine.parameters import SkillParameters

from .judge import log_likelihoods
from .peer import pybkt

REPEATS = 5
SLACK = 1e-6
"""Log-likelihood that rounding may cost: the sums run over up to a hundred thousand terms."""

Fit = Callable[[pd.DataFrame], Bundle]


@dataclass(frozen=True)
class Side:
    """One side of the race: what it is, and the seconds of each of its fits."""

    about: dict[str, Any]
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.seconds)


@dataclass(frozen=True)
class Race:
    """What came of it. Differences are ours minus the peer's, in log-likelihood of one skill."""

    responses: int
    skills: int
    ours: Side
    peer: Side
    skills_at_least_as_high: int
    worst_skill: str
    worst_difference: float
    log_likelihood: float
    peer_log_likelihood: float

    @property
    def ratio(self) -> float:
        """How many times faster we are, by the medians."""
        return self.peer.median / self.ours.median

    def as_dict(self) -> dict[str, Any]:
        medians = {"seconds": self.ours.median, "peer_seconds": self.peer.median}
        return {**asdict(self), **medians, "ratio": self.ratio}


def race(responses: pd.DataFrame, fit: Fit, *, python: Path, repeats: int = REPEATS) -> Race:
    """Both sides fit in turn, `repeats` times; the likelihoods are those of the last turn.

    One fit of ours comes before the clock starts: the first compiles, once per machine.
    """
    bundle = fit(responses)
    ours, theirs = [], []
    with pybkt(python, responses) as peer:
        for turn in range(repeats):
            started = perf_counter()
            bundle = fit(responses)
            ours.append(perf_counter() - started)
            found = peer.fit(seed=turn)
            theirs.append(found.seconds)
        about = peer.about
    mine = {skill: estimate.parameters for skill, estimate in bundle.skills.items()}
    return _judged(
        responses, mine, found.parameters, Side(about_us(), tuple(ours)), Side(about, tuple(theirs))
    )


def about_us() -> dict[str, Any]:
    """Which Trellis this is, with how many threads, on which libraries."""
    return {
        "name": "Trellis",
        "version": version("trellis-learning"),
        "threads": numba.get_num_threads(),
        **{name: version(name) for name in ("numba", "numpy", "pandas")},
    }


def _judged(
    responses: pd.DataFrame,
    mine: dict[str, SkillParameters],
    theirs: Any,
    ours: Side,
    peer: Side,
) -> Race:
    high, other = log_likelihoods(responses, mine), log_likelihoods(responses, theirs)
    differences = {skill: high[skill] - other[skill] for skill in high}
    worst = min(differences, key=lambda skill: differences[skill])
    return Race(
        responses=len(responses),
        skills=len(high),
        ours=ours,
        peer=peer,
        skills_at_least_as_high=sum(value >= -SLACK for value in differences.values()),
        worst_skill=worst,
        worst_difference=differences[worst],
        log_likelihood=sum(high.values()),
        peer_log_likelihood=sum(other.values()),
    )
