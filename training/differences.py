"""How far apart two models are on the same unseen students, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .bootstrap import (
    REPLICATES,
    Floats,
    Integers,
    Interval,
    interval,
    resampled,
    resampled_auc,
    resampled_mean,
)
from .evaluation import Comparison, Judged, Unseen
from .metrics import SMALLEST_PROBABILITY, auc, log_loss, rmse

COMPARED = ("auc", "log_loss", "rmse")


@dataclass(frozen=True)
class Difference:
    """One model's number minus another's, with the student-bootstrap interval.

    Over folds, a number is the mean of the folds', and students are drawn within each fold.
    """

    model: str
    against: str
    metric: str
    difference: float
    interval: Interval

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval.low > 0.0 or self.interval.high < 0.0

    def as_dict(self) -> dict[str, Any]:
        low, high = self.interval
        return {
            "model": self.model,
            "against": self.against,
            "metric": self.metric,
            "difference": self.difference,
            "low": low,
            "high": high,
        }


def differences(
    found: Comparison, against: str, *, replicates: int = REPLICATES, seed: int = 0
) -> list[Difference]:
    """Every other model's difference from the one named, for each of `COMPARED`."""
    numbers = [_numbers(found.unseen, one, replicates, seed) for one in found.models]
    reference = next(i for i, one in enumerate(found.models) if one.model == against)
    return [
        Difference(
            one.model,
            against,
            metric,
            numbers[i][metric][0] - numbers[reference][metric][0],
            interval(numbers[i][metric][1:] - numbers[reference][metric][1:]),
        )
        for i, one in enumerate(found.models)
        if i != reference
        for metric in COMPARED
    ]


def best(models: Sequence[Judged], unseen: Unseen) -> str:
    """The model with the highest AUC, over folds the highest mean."""
    values = [_mean_auc(one, unseen) for one in models]
    return (
        models[int(np.nanargmax(values))].model if not np.isnan(values).all() else models[0].model
    )


def _mean_auc(one: Judged, unseen: Unseen) -> float:
    folds = np.unique(unseen.fold)
    inside = [unseen.fold == fold for fold in folds]
    return float(np.mean([auc(one.p_correct[here], unseen.correct[here]) for here in inside]))


def _numbers(unseen: Unseen, one: Judged, replicates: int, seed: int) -> dict[str, Floats]:
    """For each of `COMPARED` the number itself, then that of every replicate, [1 + replicate]."""
    rng = np.random.default_rng(seed)  # anew for each model: all see the same draws
    folds = [
        _of_fold(one.p_correct[here], unseen.correct[here], unseen.student[here], replicates, rng)
        for here in (unseen.fold == fold for fold in np.unique(unseen.fold))
    ]
    return {metric: np.mean([fold[metric] for fold in folds], axis=0) for metric in COMPARED}


def _of_fold(
    predicted: Floats,
    correct: Floats,
    student: Integers,
    replicates: int,
    rng: np.random.Generator,
) -> dict[str, Floats]:
    number = np.unique(student, return_inverse=True)[1]
    drawn = resampled(int(number.max()) + 1, replicates=replicates, rng=rng)
    p = np.clip(predicted, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    surprise = -(correct * np.log(p) + (1.0 - correct) * np.log1p(-p))
    squares = resampled_mean((predicted - correct) ** 2, number, drawn)
    return {
        "auc": np.append(auc(predicted, correct), resampled_auc(predicted, correct, number, drawn)),
        "log_loss": np.append(
            log_loss(predicted, correct), resampled_mean(surprise, number, drawn)
        ),
        "rmse": np.append(rmse(predicted, correct), np.sqrt(squares)),
    }
