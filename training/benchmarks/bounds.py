"""How much forgetting MAP may find: bounds compared on held-out training students.

Where forgetting is free, some skills become a coin that flips, and "secure" says little of the next
answer. So each bound is judged by what it predicts and by what followed when students were called
secure; test students are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from data.events import in_order
from data.splits import split_rows
from models import BKT

from ..evaluation import FoldedScores, Progress, judge_folds
from ..validity import validity
from .courses import Course

BOUNDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
FOLDS = 3
HORIZON = 3  # first attempts after a skill was called secure


@dataclass(frozen=True)
class BoundFound:
    """One bound on one course: scores on students held out, and how it went after "secure".

    followed  students' skills called secure that had a first attempt afterwards
    after     share right of the next HORIZON first attempts
    """

    course: str
    bound: float
    auc: float
    log_loss: float
    followed: int
    after: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def judge_bounds(
    frame: pd.DataFrame,
    course: Course,
    bounds: Sequence[float] = BOUNDS,
    *,
    progress: Progress | None = None,
) -> list[BoundFound]:
    """Classic BKT with forgetting under each bound, by MAP, on folds of the training students."""
    known = frame if course.folds else split_rows(frame, "train")
    names = [f"{bound:g}" for bound in bounds]
    found = judge_folds(
        _bounded,
        names,
        events=in_order(known).reset_index(drop=True),
        folds=FOLDS,
        progress=progress,
    )
    followed = {one.model: one for one in validity(found)}
    return [
        BoundFound(
            course=course.name,
            bound=float(one.model),
            auc=one.scores.mean("auc"),
            log_loss=one.scores.mean("log_loss"),
            followed=followed[one.model].followed,
            after=followed[one.model].shares[HORIZON].right,
        )
        for one in found.models
        if isinstance(one.scores, FoldedScores)
    ]


def _bounded(name: str) -> BKT:
    return BKT(forgets=True, bounds={"forget": (0.0, float(name))})
