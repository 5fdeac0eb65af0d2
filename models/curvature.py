"""What the curvature at a place says: which steps to try, and how sure the parameters are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.tables import Floats

LONGEST_STEP = 8.0  # in logits
STRETCH = np.array([1.0, 2.0, 4.0, 8.0, 0.5, 0.1])
"""Multiples of the Newton step tried at once. Long ones matter where the best value is a bound:
there the logit runs to infinity and plain Newton gains one unit a step."""
DAMPING = np.array([1.0, 30.0])  # two damped steps, as a share of the mean curvature
AT_INFINITY = 25.0  # in logits; parameters are kept from their bounds at 27.6 (`objective.EDGE`)
LEAST_CURVATURE = 1e-9
DETERMINED = 1e-3  # information in a logit below which the data leave it undetermined


def symmetric(matrices: Floats) -> Floats:
    """The mean of each matrix [..., 5, 5] and its transpose, which differences leave apart."""
    return np.asarray((matrices + matrices.transpose(0, 2, 1)) / 2.0)


def at_a_bound(logits: Floats, gradient: Floats) -> NDArray[np.bool_]:
    """Which parameters have run to a bound and would go on: the others climb without them.

    Their logits run to infinity, and a step as long as that leaves nothing for the others.
    """
    return (np.abs(logits) > AT_INFINITY) & (logits * gradient >= 0.0)


def steps_from(gradient: Floats, hessian: Floats, free: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Steps to try, [skill, lane, 5], and what the Newton step promises to gain, [skill].

    Negative curvature is taken by its absolute value, so that every step climbs.
    """
    gradient = np.where(free, gradient, 0.0)
    curvature, axes = np.linalg.eigh(_information(hessian, free))
    curvature = np.maximum(np.abs(curvature), LEAST_CURVATURE)
    along = np.einsum("sij,si->sj", axes, gradient)
    newton = np.einsum("sij,sj->si", axes, along / curvature)
    damping = DAMPING[None, :, None] * curvature.mean(axis=1)[:, None, None]
    damped = np.einsum("sij,slj->sli", axes, along[:, None] / (curvature[:, None] + damping))
    steps = np.concatenate([STRETCH[:, None] * newton[:, None], damped], axis=1)
    longest = np.abs(steps).max(axis=2, keepdims=True)
    return steps * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, LEAST_CURVATURE)), (
        gradient * newton
    ).sum(axis=1) / 2.0


def _information(hessian: Floats, free: NDArray[np.bool_]) -> Floats:
    """The observed information, −Hessian; fixed parameters stand apart with information 1."""
    both_free = free[..., :, None] & free[..., None, :]
    return np.where(both_free, -hessian, np.eye(5) * ~free[..., None])


def covariance_of(hessian: Floats, free: NDArray[np.bool_]) -> Floats:
    """Inverse of the information [skill, 5, 5]; NaN for what the data leave undetermined.

    A parameter at its bound has no curvature in its logit: it is set aside, as if it were fixed.
    """
    information = _information(hessian, free)
    diagonal = np.diagonal(information, axis1=1, axis2=2)
    determined = np.broadcast_to(free, diagonal.shape) & (diagonal > DETERMINED)
    both = determined[:, :, None] & determined[:, None, :]
    apart = np.where(both, information, np.eye(5))
    known = np.isfinite(apart).all(axis=(1, 2))
    apart[~known] = np.eye(5)
    known &= np.linalg.eigvalsh(apart)[:, 0] > DETERMINED
    apart[~known] = np.eye(5)
    return np.where(both & known[:, None, None], np.linalg.inv(apart), np.nan)
