"""What a fit maximises: the log-likelihood, plus weak priors under MAP, within bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sequences import Floats

PRIOR, LEARN, FORGET, GUESS, SLIP = range(5)

MAP_SUCCESSES = (1.5, 1.0, 0.2, 1.0, 0.5)
MAP_FAILURES = (1.5, 4.0, 4.0, 4.0, 4.0)
"""Pseudo-counts of the weak Beta priors under MAP, in responses: five answers' worth at most. They
say that learning between two responses, forgetting, guessing and slipping are the exception."""
MAP_UPPER = (1.0, 1.0, 1.0, 0.5, 0.5)
"""A guess or slip above one half would turn 'mastered' upside down (DESIGN: guess + slip < 1)."""

EDGE = 1e-12
"""Parameters stay this far inside their bounds, where logits are still exact to four digits."""


@dataclass(frozen=True)
class Objective:
    """The function of the five parameters that a fit climbs.

    successes, failures  [5] pseudo-counts added to the expected counts (zero: plain likelihood)
    upper                [5] upper bounds; the lower bound is 0
    fixed                [5] values that are given, NaN where a parameter is to be fitted
    """

    successes: Floats
    failures: Floats
    upper: Floats
    fixed: Floats

    @property
    def free(self) -> NDArray[np.bool_]:
        """Which parameters are fitted, [5]."""
        return np.isnan(self.fixed)

    def value(self, log_likelihood: Floats, parameters: Floats) -> Floats:
        """Log-likelihood plus log prior (up to a constant), shape [...]."""
        inside = np.clip(parameters, EDGE, 1.0 - EDGE)
        weights = self.successes * np.log(inside) + self.failures * np.log1p(-inside)
        return np.asarray(log_likelihood + (weights * self.free).sum(-1))

    def best_given(self, counts: Floats, parameters: Floats) -> Floats:
        """The M-step: the parameters that maximise the expected complete-data objective."""
        successes = counts[..., 0] + self.successes
        total = counts.sum(-1) + self.successes + self.failures
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.where(total > 0.0, successes / total, parameters)
        return self.within(found)

    def gradient(self, counts: Floats, parameters: Floats) -> Floats:
        """Derivative with respect to the scaled logits (Fisher's identity), shape [..., 5]."""
        successes = counts[..., 0] + self.successes
        failures = counts[..., 1] + self.failures
        room = 1.0 - parameters / self.upper
        slope = successes * room - failures * parameters * room / (1.0 - parameters)
        return np.where(self.free, slope, 0.0)

    def within(self, parameters: Floats) -> Floats:
        """The parameters, kept inside their bounds; fixed ones at their values."""
        inside = np.clip(parameters, EDGE, self.upper * (1.0 - EDGE))
        return np.where(self.free, inside, self.fixed)

    @property
    def symmetric(self) -> bool:
        """Whether exchanging the two states leaves the objective as it is."""
        plain = not self.successes.any() and not self.failures.any() and (self.upper == 1.0).all()
        return bool(plain and self.free.all())

    def right_way_up(self, logits: Floats) -> Floats:
        """The same model with its states named so that guess + slip < 1, where both names fit.

        Under plain likelihood with forgetting nothing says which state is the mastered one.
        """
        if not self.symmetric:
            return logits
        swapped = -logits[..., [PRIOR, FORGET, LEARN, SLIP, GUESS]]
        swapped[..., [LEARN, FORGET]] *= -1.0
        upside_down = logits[..., GUESS] + logits[..., SLIP] > 0.0
        return np.where(upside_down[..., None], swapped, logits)

    def logits(self, parameters: Floats) -> Floats:
        """Unbounded coordinates: log(θ / (upper − θ))."""
        inside = np.where(self.free, self.within(parameters), self.upper / 2.0)
        return np.asarray(np.log(inside) - np.log(self.upper - inside))

    def parameters(self, logits: Floats) -> Floats:
        """Inverse of `logits`."""
        return self.within(self.upper / (1.0 + np.exp(-logits)))


def objective(*, map_estimate: bool, forgets: bool) -> Objective:
    """MAP with weak priors and guess, slip ≤ ½, or plain maximum likelihood.

    >>> objective(map_estimate=False, forgets=False).upper
    array([1., 1., 1., 1., 1.])
    """
    fixed = np.full(5, np.nan)
    if not forgets:
        fixed[FORGET] = 0.0
    if not map_estimate:
        return Objective(np.zeros(5), np.zeros(5), np.ones(5), fixed)
    return Objective(np.array(MAP_SUCCESSES), np.array(MAP_FAILURES), np.array(MAP_UPPER), fixed)
