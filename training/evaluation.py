"""How well models predict unseen students: fit on some, then predict and learn on others.

Every response of an unseen student is scored from that student's own past alone, one row per
response, and students are disjoint: as a model is used in life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from data.splits import fold_of
from engine.errors import InvalidInput
from models.names import Model

from .metrics import Scores, scores

SHOWN_STUDENTS = 5
WARM_UP_ROWS = 10
"""Rows learnt from before the clock starts, so that no figure holds compile time."""
METRICS = ("auc", "rmse", "log_loss", "accuracy", "ece")
MEASURED = (*METRICS, "fit_seconds", "trace_seconds")


Maker = Callable[[str], Model]
"""From a model's name to a fresh model of that name."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class ModelScores:
    """How one model did on unseen students, and the seconds it took."""

    model: str
    auc: float
    rmse: float
    log_loss: float
    accuracy: float
    ece: float
    n: int
    fit_seconds: float
    trace_seconds: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class FoldedScores:
    """How one model did over folds: each fold, the mean of each number, and its spread.

    The spread is the standard deviation over the folds (n − 1).
    """

    model: str
    folds: tuple[ModelScores, ...]

    def mean(self, name: str) -> float:
        return float(np.mean([getattr(fold, name) for fold in self.folds]))

    def spread(self, name: str) -> float:
        values = [getattr(fold, name) for fold in self.folds]
        return float(np.std(values, ddof=1))

    def as_dict(self) -> dict[str, Any]:
        """Means under the same names as one split's scores, then the spreads and every fold."""
        means = {name: self.mean(name) for name in METRICS}
        seconds = {name: self.mean(name) for name in MEASURED if name not in means}
        return {
            "model": self.model,
            **means,
            "n": sum(fold.n for fold in self.folds),
            **seconds,
            "spread": {name: self.spread(name) for name in MEASURED},
            "folds": [fold.as_dict() for fold in self.folds],
        }


def evaluate_split(
    make: Maker,
    names: Sequence[str],
    *,
    train: pd.DataFrame,
    test: pd.DataFrame,
    progress: Progress | None = None,
) -> list[ModelScores]:
    """Each model fitted on `train` and scored on the students of `test`.

    Raises `InvalidInput` where a student is on both sides: the score would not be of unseen
    students.
    """
    _check_disjoint(train, test)
    return [_scored(make, name, train, test, progress) for name in names]


def evaluate_folds(
    make: Maker,
    names: Sequence[str],
    *,
    events: pd.DataFrame,
    folds: int,
    progress: Progress | None = None,
) -> list[FoldedScores]:
    """Each model fitted and scored once per fold, every student unseen exactly once."""
    splits = list(student_folds(events, folds=folds))
    return [
        FoldedScores(name, tuple(_scored(make, name, *split, progress) for split in splits))
        for name in names
    ]


def student_folds(
    events: pd.DataFrame, *, folds: int
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """For each fold, the rows of all other students, and those of its own.

    A student's fold is the CRC-32 of the id modulo the number of folds: the same on every machine.
    """
    fold = fold_of(events["student"], folds)
    filled = len(np.unique(fold))
    if filled < folds:
        expected = f"students in every fold; of so many, only {filled:,} have any"
        raise InvalidInput.at("folds", folds, expected)
    for i in range(folds):
        yield events[fold != i], events[fold == i]


def score(model: Model, test: pd.DataFrame) -> tuple[Scores, float]:
    """A fitted model's scores on a table of responses, and the seconds it took to trace them."""
    started = perf_counter()
    predicted = model.predict(test)
    seconds = perf_counter() - started
    return scores(predicted, test["correct"].to_numpy(dtype=np.float64)), seconds


def _scored(
    make: Maker, name: str, train: pd.DataFrame, test: pd.DataFrame, progress: Progress | None
) -> ModelScores:
    make(name).fit(train.head(WARM_UP_ROWS)).predict(test.head(WARM_UP_ROWS))
    model = make(name)
    started = perf_counter()
    model.fit(train)
    fit_seconds = perf_counter() - started
    found, trace_seconds = score(model, test)
    if progress is not None:
        progress(name)
    return ModelScores(
        model=name, **asdict(found), fit_seconds=fit_seconds, trace_seconds=trace_seconds
    )


def _check_disjoint(train: pd.DataFrame, test: pd.DataFrame) -> None:
    both = sorted(set(train["student"].unique()) & set(test["student"].unique()))
    if not both:
        return
    shown = ", ".join(both[:SHOWN_STUDENTS]) + (", …" if len(both) > SHOWN_STUDENTS else "")
    expected = "students of the test rows that are not in the training rows"
    raise InvalidInput.at("student", f"{len(both)} in both: {shown}", expected)
