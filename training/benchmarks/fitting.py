"""The race to fit: classic BKT for every skill, Trellis beside pyBKT, by plain maximum likelihood.

Both sides get the same rows as a DataFrame in memory (a combination of skills counts as one
skill), run on the same machine with the threads they take by default, and take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numba
import numpy as np
import pandas as pd

from engine.bundle import Bundle
from engine.parameters import SkillParameters

from .judge import log_likelihoods
from .peer import pybkt

REPEATS = 5
SLACK = 1e-6
"""Log-likelihood that rounding may cost: the sums run over up to a hundred thousand terms."""

FAR = 0.1  # in a parameter, from which an answer is another one

Fit = Callable[[pd.DataFrame], Bundle]


@dataclass(frozen=True)
class Side:
    """One side of the race: what it is, and the seconds of each of its fits, by the clock and of
    all its processors together."""

    about: dict[str, Any]
    seconds: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.seconds)


@dataclass(frozen=True)
class Race:
    """What came of it. Differences are ours minus the peer's, in log-likelihood of one skill.

    far_off    skills of which the peer has some parameter wrong by more than .1
    steepness  the largest gradient that our fit leaves, in expected counts
    """

    work: str
    responses: int
    skills: int
    ours: Side
    peer: Side
    skills_at_least_as_high: int
    worst_skill: str
    worst_difference: float
    log_likelihood: float
    peer_log_likelihood: float
    far_off: int
    steepness: float

    @property
    def ratios(self) -> list[float]:
        """How many times faster we were, turn by turn, ascending."""
        turns = zip(self.ours.seconds, self.peer.seconds, strict=True)
        return sorted(theirs / own for own, theirs in turns)

    @property
    def ratio(self) -> float:
        """How many times faster we are, by the medians."""
        return self.peer.median / self.ours.median

    @property
    def processor_ratio(self) -> float:
        """The same, by the processors' time."""
        return median(self.peer.processor) / median(self.ours.processor)

    def as_dict(self) -> dict[str, Any]:
        medians = {"seconds": self.ours.median, "peer_seconds": self.peer.median}
        ratios = {"ratio": self.ratio, "lowest": self.ratios[0], "highest": self.ratios[-1]}
        return {
            **asdict(self),
            **medians,
            **ratios,
            "processor_ratio": self.processor_ratio,
        }


def race(
    responses: pd.DataFrame,
    fit: Fit,
    *,
    python: Path,
    repeats: int = REPEATS,
    work: str = "",
    options: Mapping[str, Any] | None = None,
) -> Race:
    """Both sides fit in turn, `repeats` times; the likelihoods are those of the last turn.

    One fit of ours comes before the clock starts: the first compiles, once per machine. `options`
    are the peer's.
    """
    bundle = fit(responses)
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    with pybkt(python, responses) as peer:
        for turn in range(repeats):
            busy, started = process_time(), perf_counter()
            bundle = fit(responses)
            ours.append((perf_counter() - started, process_time() - busy))
            found = peer.fit(seed=turn, options=options)
            theirs.append((found.seconds, found.processor))
        about = peer.about
    sides = _side(about_us(), ours), _side(about, theirs)
    return _judged(work, responses, bundle, found.parameters, sides)


def _side(about: dict[str, Any], turns: list[tuple[float, float]]) -> Side:
    seconds, processor = zip(*turns, strict=True)
    return Side(about, seconds, processor)


def about_us() -> dict[str, Any]:
    """Which Trellis this is, with how many threads, on which libraries."""
    return {
        "name": "Trellis",
        "version": version("trellis-learning"),
        "threads": numba.get_num_threads(),
        **{name: version(name) for name in ("numba", "numpy", "pandas")},
    }


def _judged(
    work: str,
    responses: pd.DataFrame,
    bundle: Bundle,
    theirs: Mapping[str, SkillParameters],
    sides: tuple[Side, Side],
) -> Race:
    mine = {skill: estimate.parameters for skill, estimate in bundle.skills.items()}
    high, other = log_likelihoods(responses, mine), log_likelihoods(responses, theirs)
    differences = {skill: high[skill] - other[skill] for skill in high}
    worst = min(differences, key=lambda skill: differences[skill])
    off = [max(abs(np.subtract(mine[skill], theirs[skill]))) for skill in high]
    return Race(
        work=work,
        responses=len(responses),
        skills=len(high),
        ours=sides[0],
        peer=sides[1],
        skills_at_least_as_high=sum(value >= -SLACK for value in differences.values()),
        worst_skill=worst,
        worst_difference=differences[worst],
        log_likelihood=sum(high.values()),
        peer_log_likelihood=sum(other.values()),
        far_off=int(np.sum(np.array(off) > FAR)),
        steepness=float(bundle.facts["largest_gradient"]),
    )
