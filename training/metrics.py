"""How good predictions are: five numbers, each exact, each with its formula beside it.

`predicted` holds P(correct), `correct` what happened: 0, 1, or the share that was right. A
fraction c counts as c of a right answer and 1 − c of a wrong one, so every number stays what it
is for plain answers and means the obvious for partial credit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import Fault, InvalidInput

Floats = NDArray[np.float64]

CALIBRATION_BINS = 20
SMALLEST_PROBABILITY = 1e-15  # below it a logarithm would punish one response without bound


@dataclass(frozen=True)
class Scores:
    """Every metric of one set of predictions, and how many responses they rest on."""

    auc: float
    rmse: float
    log_loss: float
    accuracy: float
    ece: float
    n: int

    def as_dict(self) -> dict[str, float | int]:
        return asdict(self)


def scores(predicted: ArrayLike, correct: ArrayLike) -> Scores:
    """Every metric at once. Raises `InvalidInput` for what is not a probability.

    >>> scores([0.2, 0.9, 0.6], [0, 1, 1])
    Scores(auc=1.0, rmse=0.26..., log_loss=0.27..., accuracy=1.0, ece=0.23..., n=3)
    """
    p, c = checked(predicted, correct)
    return Scores(
        auc=auc(p, c),
        rmse=rmse(p, c),
        log_loss=log_loss(p, c),
        accuracy=accuracy(p, c),
        ece=ece(p, c),
        n=len(p),
    )


def auc(predicted: ArrayLike, correct: ArrayLike) -> float:
    """P(a right answer was predicted higher than a wrong one), ties counting half.

    AUC = Σᵢⱼ cᵢ (1 − cⱼ) ([pᵢ > pⱼ] + ½[pᵢ = pⱼ]) / (Σc · Σ(1 − c)), which is the Mann-Whitney
    statistic with mid-ranks. NaN where all answers are right or all are wrong: no pair exists.

    >>> auc([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    0.875
    """
    p, c = checked(predicted, correct)
    _, group = np.unique(p, return_inverse=True)
    right = np.bincount(group, weights=c)
    wrong = np.bincount(group, weights=1.0 - c)
    pairs = right.sum() * wrong.sum()
    if pairs == 0.0:
        return float("nan")
    wrong_below = np.cumsum(wrong) - wrong
    return float(np.sum(right * (wrong_below + wrong / 2.0)) / pairs)


def rmse(predicted: ArrayLike, correct: ArrayLike) -> float:
    """Root mean squared error: √(mean (p − c)²).

    >>> rmse([0.5, 0.5], [0, 1])
    0.5
    """
    p, c = checked(predicted, correct)
    return float(np.sqrt(np.mean((p - c) ** 2)))


def log_loss(predicted: ArrayLike, correct: ArrayLike) -> float:
    """Mean surprise in nats: −mean(c ln p + (1 − c) ln(1 − p)), p kept 1e-15 off 0 and 1.

    >>> round(log_loss([0.5, 0.5], [0, 1]), 4)
    0.6931
    """
    p, c = checked(predicted, correct)
    p = np.clip(p, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    return float(-np.mean(c * np.log(p) + (1.0 - c) * np.log1p(-p)))


def accuracy(predicted: ArrayLike, correct: ArrayLike) -> float:
    """Share of responses on the predicted side: mean of c where p ≥ ½, of 1 − c elsewhere.

    >>> accuracy([0.2, 0.9, 0.6], [0, 1, 0])
    0.66...
    """
    p, c = checked(predicted, correct)
    return float(np.mean(np.where(p >= 0.5, c, 1.0 - c)))


def ece(predicted: ArrayLike, correct: ArrayLike, *, bins: int = CALIBRATION_BINS) -> float:
    """Expected calibration error over equal-width bins: Σ_b (n_b / n) |mean p − mean c| in bin b.

    Source: Naeini, Cooper & Hauskrecht (2015), Obtaining well calibrated probabilities using
    Bayesian binning, AAAI.

    >>> round(ece([0.7, 0.7, 0.7, 0.7], [1, 1, 1, 0]), 3)
    0.05
    """
    p, c = checked(predicted, correct)
    bin_of = np.minimum((p * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(bin_of, weights=p - c, minlength=bins)
    return float(np.abs(gaps).sum() / len(p))


def checked(predicted: ArrayLike, correct: ArrayLike) -> tuple[Floats, Floats]:
    """Both as arrays, once each is known to hold probabilities, as many of one as of the other.

    >>> checked([0.5], [2])
    Traceback (most recent call last):
    engine.errors.InvalidInput: correct, response 1: got '2.0', expected a number from 0 to 1
    """
    p = np.asarray(predicted, dtype=np.float64)
    c = np.asarray(correct, dtype=np.float64)
    if p.ndim != 1 or p.shape != c.shape or len(p) == 0:
        got = f"shapes {p.shape} and {c.shape}"
        raise InvalidInput.at("predicted and correct", got, "as many of each, at least one")
    found = [*_outside(p, "predicted"), *_outside(c, "correct")]
    if found:
        raise InvalidInput(found)
    return p, c


def _outside(values: Floats, name: str) -> list[Fault]:
    """The first value that is no probability; NaN is none either."""
    wrong = np.flatnonzero(~((values >= 0.0) & (values <= 1.0)))
    return [
        Fault(f"{name}, response {i + 1}", str(values[i]), "a number from 0 to 1")
        for i in wrong[:1]
    ]
