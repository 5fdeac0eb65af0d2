"""Does mastery mean something? What students do after a model has called them secure.

For every student and skill (or combination): the first response after which P(mastered) reaches the
threshold, and what followed on that skill. First attempts only: a response to the item that the
student answered just before is a retry and says little of mastery (where attempts are numbered,
those above 1). A model may buy validity by calling nobody secure, so how many it did call, and
after how many responses, stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from data.events import in_order
from engine.errors import InvalidInput

from .bootstrap import REPLICATES, Floats, Integers, Interval, interval, resampled
from .evaluation import Comparison, Judged

SECURE = 0.95
HORIZONS = (1, 3, 5)
Flags = NDArray[np.bool_]


class Runs(NamedTuple):
    """Responses in runs: one for each student and skill, in the order they happened.

    order    [event] rows of the table
    starts   [run + 1]
    student  [run]
    first    [event] whether it is a first attempt, in the order of the runs
    """

    order: Integers
    starts: Integers
    student: Integers
    first: Flags


@dataclass(frozen=True)
class Share:
    """A share right, over how many responses, with its student-bootstrap interval."""

    right: float
    n: int
    interval: Interval

    def as_dict(self) -> dict[str, Any]:
        return {"right": self.right, "n": self.n, **self.interval._asdict()}


@dataclass(frozen=True)
class Validity:
    """What followed when a model first called students secure.

    runs       students' skills that were followed
    declared   of them, how many were called secure at some response
    opportunities   responses it took, up to and including that one: mean and median
    followed   of those declared, how many had a first attempt afterwards
    shares     horizon → share right of that many first attempts (or as many as there were) after
    """

    model: str
    threshold: float
    runs: int
    declared: int
    mean_opportunities: float
    median_opportunities: float
    followed: int
    shares: dict[int, Share]

    def as_dict(self) -> dict[str, Any]:
        plain = {
            "model": self.model,
            "threshold": self.threshold,
            "runs": self.runs,
            "declared": self.declared,
            "mean_opportunities": self.mean_opportunities,
            "median_opportunities": self.median_opportunities,
            "followed": self.followed,
        }
        return plain | {f"next_{k}": share.as_dict() for k, share in self.shares.items()}


def validity(
    found: Comparison,
    *,
    threshold: float = SECURE,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> list[Validity]:
    """Of every model that knows mastery. Raises `InvalidInput` unless 0 < threshold < 1."""
    if not 0.0 < threshold < 1.0:
        raise InvalidInput.at("--validity", threshold, "a probability between 0 and 1")
    runs = runs_of(found.unseen.frame)
    students = int(runs.student.max()) + 1
    drawn = resampled(students, replicates=replicates, rng=np.random.default_rng(seed))
    correct = found.unseen.correct[runs.order]
    return [
        _of_model(one, one.p_mastery[runs.order] >= threshold, threshold, runs, correct, drawn)
        for one in found.models
        if one.p_mastery is not None
    ]


def runs_of(frame: pd.DataFrame) -> Runs:
    """The runs of a table of responses with a plain index.

    >>> frame = pd.DataFrame({"student": "a", "skill": ["x", "y", "x"], "item": [1, 2, 2],
    ...                       "correct": 1})
    >>> runs_of(frame).first.tolist(), runs_of(frame).order.tolist()
    ([True, False, True], [0, 2, 1])
    """
    told = in_order(frame)
    student = pd.factorize(told["student"])[0]
    skill = pd.factorize(told["skill"])[0]
    order = np.lexsort((skill, student))
    changes = (np.diff(student[order]) != 0) | (np.diff(skill[order]) != 0)
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1, [len(order)]]).astype(np.int64)
    return Runs(
        told.index.to_numpy()[order].astype(np.int64),
        starts,
        student[order[starts[:-1]]].astype(np.int64),
        _first_attempts(told, student)[order],
    )


def _first_attempts(told: pd.DataFrame, student: np.ndarray) -> Flags:
    """[event] in the students' order: not a retry of the item answered just before."""
    if "attempt" in told and told["attempt"].notna().all():
        return np.asarray(told["attempt"].to_numpy(dtype=np.float64) <= 1.0)
    if "item" not in told:
        return np.ones(len(told), dtype=np.bool_)
    item = pd.factorize(told["item"])[0]
    again = (np.diff(item) == 0) & (np.diff(student) == 0) & (item[1:] >= 0)
    return np.concatenate([[True], ~again])


def _of_model(
    one: Judged,
    secure: Flags,
    threshold: float,
    runs: Runs,
    correct: Floats,
    drawn: Integers,
) -> Validity:
    took, right, judged = _followed(runs.starts, secure, runs.first, correct, np.array(HORIZONS))
    declared = took[took > 0]
    return Validity(
        model=one.model,
        threshold=threshold,
        runs=len(took),
        declared=len(declared),
        mean_opportunities=float(declared.mean()) if len(declared) else float("nan"),
        median_opportunities=float(np.median(declared)) if len(declared) else float("nan"),
        followed=int((judged[:, 0] > 0).sum()),
        shares={
            horizon: _share(right[:, i], judged[:, i], runs.student, drawn)
            for i, horizon in enumerate(HORIZONS)
        },
    )


def _share(right: Floats, judged: Floats, student: Integers, drawn: Integers) -> Share:
    students = drawn.shape[1]
    rights = np.bincount(student, weights=right, minlength=students)
    totals = np.bincount(student, weights=judged, minlength=students)
    with np.errstate(invalid="ignore"):
        share = rights.sum() / totals.sum()
        again = (drawn @ rights) / (drawn @ totals)
    return Share(float(share), int(totals.sum()), interval(again))


@njit(cache=True)
def _followed(
    starts: Integers, secure: Flags, first: Flags, correct: Floats, horizons: Integers
) -> tuple[Integers, Floats, Floats]:
    """For each run: responses until secure (0: never); right and all first attempts after."""
    runs = len(starts) - 1
    took = np.zeros(runs, dtype=np.int64)
    right, judged = np.zeros((runs, len(horizons))), np.zeros((runs, len(horizons)))
    for run in range(runs):
        after = 0
        for i in range(starts[run], starts[run + 1]):
            if took[run] > 0 and first[i]:
                after += 1
                for h in range(len(horizons)):
                    if after <= horizons[h]:
                        right[run, h] += correct[i]
                        judged[run, h] += 1.0
            elif took[run] == 0 and secure[i]:
                took[run] = i - starts[run] + 1
    return took, right, judged
