"""Where models are good and where not: by what a response was to its student."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from data.events import in_order

from .bootstrap import Floats
from .evaluation import Comparison
from .metrics import CALIBRATION_BINS, auc, log_loss

POSITIONS = (0, 5, 20, 100, 500)
"""Where each class of positions begins: how many responses the student had given before."""


def encounters(frame: pd.DataFrame) -> pd.Series:
    """Whether each response is the student's first with its skill (or combination of skills).

    >>> frame = pd.DataFrame({"student": "a", "skill": ["x", "y", "x"], "correct": 1})
    >>> encounters(frame).tolist()
    ['first with the skill', 'first with the skill', 'later']
    """
    earlier = in_order(frame).groupby(["student", "skill"], sort=False).cumcount()
    return earlier.reindex(frame.index).map(lambda n: "later" if n else "first with the skill")


def positions(frame: pd.DataFrame) -> pd.Series:
    """The class of each response's position among the student's own.

    >>> positions(pd.DataFrame({"student": ["a"] * 6, "skill": "x", "correct": 1})).tolist()[4:]
    ['0 to 4 before', '5 to 19 before']
    """
    earlier = in_order(frame).groupby("student", sort=False).cumcount().reindex(frame.index)
    ends = [f" to {after - 1} before" for after in POSITIONS[1:]] + [" or more before"]
    names = np.array([f"{first}{end}" for first, end in zip(POSITIONS, ends, strict=True)])
    return pd.Series(names[np.searchsorted(POSITIONS, earlier, side="right") - 1], frame.index)


def skills(frame: pd.DataFrame) -> pd.Series:
    """The skill of each response."""
    return frame["skill"].astype(str)


KINDS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "encounter": encounters,
    "position": positions,
    "skill": skills,
}
"""What responses can be divided by."""


def breakdown(found: Comparison, kind: str) -> list[dict[str, Any]]:
    """Every group's responses, the share right, and each model's AUC and log loss there.

    Over folds, predictions of all folds are judged together. AUC is NaN where no pair exists.
    """
    frame = found.unseen.frame
    of = KINDS[kind](frame)
    names = [f"{first} " for first in map(str, POSITIONS)]
    groups = sorted(of.unique(), key=lambda name: _rank(name, names))
    return [row for group in groups for row in _rows(found, kind, group, of.eq(group).to_numpy())]


def calibration(found: Comparison, *, bins: int = CALIBRATION_BINS) -> list[dict[str, Any]]:
    """For every model and bin of equal width: how many, mean predicted, and the share right."""
    return [
        {"model": one.model, **row}
        for one in found.models
        for row in _bins(one.p_correct, found.unseen.correct, bins)
    ]


def _rank(name: str, starts: list[str]) -> tuple[int, str]:
    """Positions in their own order, everything else by name."""
    return next((i for i, start in enumerate(starts) if name.startswith(start)), 0), name


def _rows(found: Comparison, kind: str, group: str, here: np.ndarray) -> Iterator[dict[str, Any]]:
    correct = found.unseen.correct[here]
    for one in found.models:
        predicted = one.p_correct[here]
        yield {
            kind: group,
            "model": one.model,
            "n": len(correct),
            "right": float(correct.mean()),
            "auc": auc(predicted, correct),
            "log_loss": log_loss(predicted, correct),
        }


def _bins(predicted: Floats, correct: Floats, bins: int) -> Iterator[dict[str, Any]]:
    number = np.minimum((predicted * bins).astype(np.int64), bins - 1)
    for bin in np.unique(number).tolist():
        here = number == bin
        yield {
            "from": bin / bins,
            "to": (bin + 1) / bins,
            "n": int(here.sum()),
            "predicted": float(predicted[here].mean()),
            "right": float(correct[here].mean()),
        }
