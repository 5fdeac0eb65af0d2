"""Logistic regression over sparse features, to the top: Newton steps by conjugate gradients.

    maximise  Σ_e c_e log p_e + (1 − c_e) log(1 − p_e)  −  ½ Σ_f penalty_f w_f²,   p = σ(X w)

The function is strictly concave, so there is one top; what is found does not depend on the start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers

from .design import Design

STEEPNESS = 0.05
"""Largest entry of the gradient at the end; one response's share of it is at most 1 a feature."""
MOST_STEPS = 40
MOST_DIRECTIONS = 200
FAR, NEAR = 1e-2, 1e-4
"""How well a Newton step is solved for (squared): far from the top little precision is needed."""
FAR_GRADIENT = 2e-3  # of the number of responses
LARGEST_LOGIT = 30.0  # beyond it a probability would round to 0 or 1


class Found(NamedTuple):
    """The weights at the top, and the largest entry of the gradient there."""

    weights: Floats
    gradient: float


def ascend(
    design: Design, correct: Floats, *, start: Floats | None = None, steepness: float = STEEPNESS
) -> Found:
    """The weights that maximise the penalised log-likelihood; every penalty is above 0."""
    weights = np.zeros(design.width) if start is None else start.copy()
    penalty = design.penalties()
    value, steepest = _value(design, correct, penalty, weights), np.inf
    for _ in range(MOST_STEPS):
        p = sigmoid(_scores(design, weights))
        slope = _gathered(design.start, design.feature, design.value, correct - p, design.width)
        slope -= penalty * weights
        steepest = float(np.abs(slope).max())
        if steepest < steepness:
            break
        enough = FAR if steepest > FAR_GRADIENT * len(correct) else NEAR
        step = _newton(design, p * (1.0 - p), penalty, slope, enough)
        weights, value, moved = _searched(design, correct, penalty, weights, value, step)
        if not moved:
            break
    return Found(weights, steepest)


def predicted(design: Design, weights: Floats) -> Floats:
    """[event] P(correct), strictly between 0 and 1."""
    return sigmoid(np.clip(_scores(design, weights), -LARGEST_LOGIT, LARGEST_LOGIT))


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + e^−x), without overflow.

    >>> sigmoid(np.array([0.0, -800.0])).tolist()
    [0.5, 0.0]
    """
    positive = 1.0 / (1.0 + np.exp(-np.abs(values)))
    return np.where(values >= 0, positive, 1.0 - positive)


def _scores(design: Design, weights: Floats) -> Floats:
    return np.asarray(_product(design.start, design.feature, design.value, weights))


def _value(design: Design, correct: Floats, penalty: Floats, weights: Floats) -> float:
    x = _scores(design, weights)
    # log σ(x) = −log(1 + e^−x), and log(1 − σ(x)) is that minus x
    likelihood = (correct - 1.0) * x - np.logaddexp(0.0, -x)
    return float(likelihood.sum() - 0.5 * (penalty * weights**2).sum())


def _newton(design: Design, curve: Floats, penalty: Floats, slope: Floats, enough: float) -> Floats:
    """Solves (Xᵀ diag(curve) X + penalty) step = slope by preconditioned conjugate gradients.

    The preconditioner is exact within every key: counts of one skill by window, right and wrong,
    are so alike that the diagonal alone would take ten times the directions.
    """
    eased = _preconditioner(design, curve)
    step, residual = np.zeros_like(slope), slope.copy()
    direction = eased(residual)
    product = float(residual @ direction)
    goal = product * enough
    for _ in range(MOST_DIRECTIONS):
        bent = _bent(design.start, design.feature, design.value, curve, direction)
        bent += penalty * direction
        length = product / float(direction @ bent)
        step += length * direction
        residual -= length * bent
        scaled = eased(residual)
        product, before = float(residual @ scaled), product
        if product <= goal:
            break
        direction = scaled + product / before * direction
    return step


def _preconditioner(design: Design, curve: Floats) -> Callable[[Floats], Floats]:
    """Multiplies by the inverse of the curvature's blocks, one for every key of every family."""
    inverses = [
        np.linalg.inv(
            _blocks(part.event, part.key, part.values, curve, family.keys)
            + family.penalty * np.eye(family.width)
        )
        for family, part in zip(design.families, design.parts, strict=True)
    ]

    def eased(residual: Floats) -> Floats:
        found, offset = np.empty_like(residual), 0
        for inverse in inverses:
            keys, width, _ = inverse.shape
            here = slice(offset, offset + keys * width)
            product = inverse @ residual[here].reshape(keys, width, 1)
            found[here], offset = product.ravel(), here.stop
        return found

    return eased


def _searched(
    design: Design,
    correct: Floats,
    penalty: Floats,
    weights: Floats,
    value: float,
    step: Floats,
) -> tuple[Floats, float, bool]:
    """The weights after the step, halved until it does not lead down, and whether they moved."""
    for _ in range(MOST_STEPS):
        there = weights + step
        reached = _value(design, correct, penalty, there)
        if reached >= value:
            return there, reached, True
        step = step / 2.0
    return weights, value, False


@njit(cache=True)
def _product(start: Integers, feature: Integers, value: Floats, weights: Floats) -> Floats:
    found = np.zeros(len(start) - 1)
    for e in range(len(start) - 1):
        for i in range(start[e], start[e + 1]):
            found[e] += value[i] * weights[feature[i]]
    return found


@njit(cache=True)
def _gathered(
    start: Integers, feature: Integers, value: Floats, of_event: Floats, width: int
) -> Floats:
    """Xᵀ of_event."""
    found = np.zeros(width)
    for e in range(len(start) - 1):
        for i in range(start[e], start[e + 1]):
            found[feature[i]] += value[i] * of_event[e]
    return found


@njit(cache=True)
def _bent(
    start: Integers, feature: Integers, value: Floats, curve: Floats, direction: Floats
) -> Floats:
    """Xᵀ diag(curve) X direction, in one pass over the events."""
    found = np.zeros(len(direction))
    for e in range(len(start) - 1):
        along = 0.0
        for i in range(start[e], start[e + 1]):
            along += value[i] * direction[feature[i]]
        along *= curve[e]
        for i in range(start[e], start[e + 1]):
            found[feature[i]] += value[i] * along
    return found


@njit(cache=True)
def _blocks(event: Integers, key: Integers, values: Floats, curve: Floats, keys: int) -> Floats:
    """[key, width, width] each key's own part of Xᵀ diag(curve) X, entry by entry."""
    width = values.shape[1]
    found = np.zeros((keys, width, width))
    for i in range(len(event)):
        for a in range(width):
            heavy = curve[event[i]] * values[i, a]
            for b in range(width):
                found[key[i], a, b] += heavy * values[i, b]
    return found
