"""How well models predict unseen students: fit on some, then predict and learn on others.

Every response of an unseen student is scored from that student's own past alone, one row per
response, and students are disjoint: as a model is used in life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.splits import fold_of
from engine.errors import InvalidInput
from models.names import Model, predictions

from .metrics import Scores, scores

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

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


class Unseen(NamedTuple):
    """The responses that were predicted, all of students that the fit had not seen.

    frame    their rows
    student  [event] the student, as a number from 0
    fold     [event] the fold; all 0 where there is one split
    """

    frame: pd.DataFrame
    student: Integers
    fold: Integers

    @property
    def correct(self) -> Floats:
        return self.frame["correct"].to_numpy(dtype=np.float64)


class Judged(NamedTuple):
    """One model's scores, and the predictions behind them.

    p_correct  [event] as `Unseen` has them
    p_mastery  [event] after the answer; None for a model that knows no mastery
    """

    scores: ModelScores | FoldedScores
    p_correct: Floats
    p_mastery: Floats | None

    @property
    def model(self) -> str:
        return self.scores.model


class Comparison(NamedTuple):
    """Models side by side on the same unseen responses, in the order they were named."""

    unseen: Unseen
    models: tuple[Judged, ...]


def judge_split(
    make: Maker,
    names: Sequence[str],
    *,
    train: pd.DataFrame,
    test: pd.DataFrame,
    progress: Progress | None = None,
) -> Comparison:
    """Each model fitted on `train`, its predictions of the students of `test`, and its scores.

    Raises `InvalidInput` where a student is on both sides: the score would not be of unseen
    students.
    """
    _check_disjoint(train, test)
    models = tuple(_judged(make, name, train, test, progress) for name in names)
    return Comparison(_unseen([test]), models)


def judge_folds(
    make: Maker,
    names: Sequence[str],
    *,
    events: pd.DataFrame,
    folds: int,
    progress: Progress | None = None,
) -> Comparison:
    """Each model fitted and judged once per fold, every student unseen exactly once."""
    splits = list(student_folds(events, folds=folds))
    models = tuple(
        _folded([_judged(make, name, *split, progress) for split in splits]) for name in names
    )
    return Comparison(_unseen([test for _, test in splits]), models)


def evaluate_split(
    make: Maker,
    names: Sequence[str],
    *,
    train: pd.DataFrame,
    test: pd.DataFrame,
    progress: Progress | None = None,
) -> list[ModelScores]:
    """The scores of `judge_split` alone."""
    found = judge_split(make, names, train=train, test=test, progress=progress)
    return [one.scores for one in found.models if isinstance(one.scores, ModelScores)]


def evaluate_folds(
    make: Maker,
    names: Sequence[str],
    *,
    events: pd.DataFrame,
    folds: int,
    progress: Progress | None = None,
) -> list[FoldedScores]:
    """The scores of `judge_folds` alone."""
    found = judge_folds(make, names, events=events, folds=folds, progress=progress)
    return [one.scores for one in found.models if isinstance(one.scores, FoldedScores)]


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


def _judged(
    make: Maker, name: str, train: pd.DataFrame, test: pd.DataFrame, progress: Progress | None
) -> Judged:
    predictions(make(name).fit(train.head(WARM_UP_ROWS)), test.head(WARM_UP_ROWS))
    model = make(name)
    started = perf_counter()
    model.fit(train)
    fitted = perf_counter()
    told = predictions(model, test)
    ended = perf_counter()
    found = scores(told.p_correct, test["correct"].to_numpy(dtype=np.float64))
    if progress is not None:
        progress(name)
    scored = ModelScores(
        model=name,
        **asdict(found),
        fit_seconds=fitted - started,
        trace_seconds=ended - fitted,
    )
    return Judged(scored, *told)


def _folded(folds: Sequence[Judged]) -> Judged:
    """One model's folds, one behind the other."""
    scored = tuple(fold.scores for fold in folds if isinstance(fold.scores, ModelScores))
    mastery = [fold.p_mastery for fold in folds if fold.p_mastery is not None]
    return Judged(
        FoldedScores(scored[0].model, scored),
        np.concatenate([fold.p_correct for fold in folds]),
        np.concatenate(mastery) if mastery else None,
    )


def _unseen(tests: Sequence[pd.DataFrame]) -> Unseen:
    frame = pd.concat(tests, ignore_index=True)
    student = pd.factorize(frame["student"])[0].astype(np.int64)
    return Unseen(frame, student, np.repeat(np.arange(len(tests)), [len(test) for test in tests]))


def _check_disjoint(train: pd.DataFrame, test: pd.DataFrame) -> None:
    both = sorted(set(train["student"].unique()) & set(test["student"].unique()))
    if not both:
        return
    shown = ", ".join(both[:SHOWN_STUDENTS]) + (", …" if len(both) > SHOWN_STUDENTS else "")
    expected = "students of the test rows that are not in the training rows"
    raise InvalidInput.at("student", f"{len(both)} in both: {shown}", expected)
