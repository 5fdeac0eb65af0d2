"""What a fit maximises: the log-likelihood, plus weak priors under MAP, within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.errors import Fault, InvalidInput
from engine.parameters import FORGET, GUESS, LEARN, PARAMETER_NAMES, PRIOR, SLIP
from engine.tables import Floats, Integers

MAP_SUCCESSES = (1.5, 1.0, 0.2, 1.0, 0.5)
MAP_FAILURES = (1.5, 4.0, 4.0, 4.0, 4.0)
"""Pseudo-counts of the weak Beta priors under MAP, in responses: five answers' worth at most. They
say that learning between two responses, forgetting, guessing and slipping are the exception."""
MAP_UPPER = (1.0, 1.0, 1.0, 0.5, 0.5)
"""A guess or slip above one half would turn 'mastered' upside down (DESIGN: guess + slip < 1)."""

MAP_FORGET = 0.1
MAP_FORGET_OVER_TIME = 0.5
"""What is lost again between two answers one time in five was not mastered: with such freedom some
skills become a coin that flips, and "secure" says little of the next answer. Chosen among .05, .1,
.2, .3, .5 and no bound on held-out training students (`trellis bench bounds`), by log loss and by
how often the answers after "secure" were right; at .1 the coin is no longer the highest top of any
of their skills. Where there is a clock months may lie between."""

EDGE = 1e-12
"""Parameters stay this far inside their bounds, where logits are still exact to four digits."""
INSIDE = 0.02  # of a parameter's range, that a climb starts from its bounds at least
NEVER = 1e-300  # a given rate of 0 or 1 must not divide


@dataclass(frozen=True)
class Objective:
    """The function of the five parameters that a fit climbs.

    successes, failures  [5] pseudo-counts added to the expected counts (zero: plain likelihood)
    lower, upper         [5] bounds
    fixed                [5], or [skill, 5] where skills differ: values that are given, NaN where a
                         parameter is to be fitted

    Parameters and counts have the shape [..., 5], with the skill as the first axis if `fixed` has.
    """

    successes: Floats
    failures: Floats
    lower: Floats
    upper: Floats
    fixed: Floats

    @property
    def free(self) -> NDArray[np.bool_]:
        """Which parameters are fitted, in the shape of `fixed`."""
        return np.isnan(self.fixed)

    @cached_property
    def plain(self) -> bool:
        """Whether nothing but the likelihood counts."""
        return not self.successes.any() and not self.failures.any()

    def of(self, which: Integers) -> Objective:
        """The objective of these skills."""
        return self if self.fixed.ndim == 1 else replace(self, fixed=self.fixed[which])

    def value(self, log_likelihood: Floats, parameters: Floats) -> Floats:
        """Log-likelihood plus log prior (up to a constant), shape [...]."""
        if self.plain:
            return log_likelihood
        inside = np.clip(parameters, EDGE, 1.0 - EDGE)
        weights = self.successes * np.log(inside) + self.failures * np.log1p(-inside)
        return np.asarray(log_likelihood + (weights * self._free_in(parameters)).sum(-1))

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
        slope = slope_in_logits(successes, failures, parameters, self.lower, self.upper)
        return np.where(self._free_in(parameters), slope, 0.0)

    def within(self, parameters: Floats) -> Floats:
        """The parameters, kept inside their bounds; fixed ones at their values."""
        margin = EDGE * (self.upper - self.lower)
        # several times as fast as np.clip on arrays as small as these
        inside = np.minimum(np.maximum(parameters, self.lower + margin), self.upper - margin)
        return np.where(self._free_in(inside), inside, self._as(self.fixed, inside))

    def right_way_up(self, logits: Floats) -> Floats:
        """The same model with its states named so that guess + slip < 1, where both names fit.

        Under plain likelihood with forgetting nothing says which state is the mastered one.
        """
        if not self.plain or self.lower.any() or (self.upper < 1.0).any():
            return logits
        swapped = -logits[..., [PRIOR, FORGET, LEARN, SLIP, GUESS]]
        swapped[..., [LEARN, FORGET]] *= -1.0
        upside_down = logits[..., GUESS] + logits[..., SLIP] > 0.0
        exchangeable = self._free_in(logits).all(axis=-1)
        return np.where((upside_down & exchangeable)[..., None], swapped, logits)

    def logits(self, parameters: Floats) -> Floats:
        """Unbounded coordinates: log((θ − lower) / (upper − θ))."""
        middle = (self.lower + self.upper) / 2.0
        inside = np.where(self._free_in(parameters), self.within(parameters), middle)
        return np.asarray(np.log(inside - self.lower) - np.log(self.upper - inside))

    def begin(self, parameters: Floats) -> Floats:
        """Logits to start a climb from: well inside the bounds, where a slope is to be felt."""
        margin = INSIDE * (self.upper - self.lower)
        return self.logits(np.clip(parameters, self.lower + margin, self.upper - margin))

    def parameters(self, logits: Floats) -> Floats:
        """Inverse of `logits`."""
        return self.within(self.lower + (self.upper - self.lower) / (1.0 + np.exp(-logits)))

    def _free_in(self, parameters: Floats) -> NDArray[np.bool_]:
        return np.isnan(self._as(self.fixed, parameters))

    @staticmethod
    def _as(values: Floats, parameters: Floats) -> Floats:
        """The values, with room for the axes that `parameters` has between skill and parameter."""
        if values.ndim == 1 or parameters.ndim < 3:
            return values
        return values[:, None]


def slope_in_logits(
    successes: Floats, failures: Floats, rate: Floats, lower: Floats, upper: Floats
) -> Floats:
    """Derivative of successes·log θ + failures·log(1 − θ) by the scaled logit of θ."""
    reach = (rate - lower) * ((upper - rate) / (upper - lower))
    up, down = np.maximum(rate, NEVER), np.maximum(1.0 - rate, NEVER)
    return np.asarray(successes * (reach / up) - failures * (reach / down))


Given = Mapping[str, float | Mapping[str, float]]
Bounds = Mapping[str, tuple[float, float]]


def objective(
    *,
    map_estimate: bool,
    forgets: bool,
    fixed: Given | None = None,
    bounds: Bounds | None = None,
    skills: Sequence[str] | None = None,
    clock: bool = False,
) -> Objective:
    """MAP with weak priors, guess, slip ≤ ½ and little forgetting, or plain maximum likelihood.

    `fixed` gives parameters a value, for all skills or by skill; `bounds` narrows their range.
    Without `skills` any name of a skill will do. With a `clock` forgetting goes by time.
    Raises `InvalidInput` naming what cannot be.

    >>> objective(map_estimate=False, forgets=False).upper
    array([1., 1., 1., 1., 1.])
    >>> objective(map_estimate=True, forgets=False, bounds={"slip": (0.0, 0.9)})
    Traceback (most recent call last):
    engine.errors.InvalidInput: bounds, slip: got '(0.0, 0.9)', expected two numbers, the first
    below the second, from 0 to 0.5
    """
    successes, failures, upper = np.zeros(5), np.zeros(5), np.ones(5)
    if map_estimate:
        successes, failures, upper = map(np.array, (MAP_SUCCESSES, MAP_FAILURES, MAP_UPPER))
    lower, checked = np.zeros(5), _checked_bounds(bounds or {}, upper)
    if map_estimate:
        upper[FORGET] = MAP_FORGET_OVER_TIME if clock else MAP_FORGET
    for name, (lowest, highest) in checked.items():
        lower[PARAMETER_NAMES.index(name)] = lowest
        upper[PARAMETER_NAMES.index(name)] = highest
    given = _given(fixed or {}, skills)
    if not forgets and np.isnan(given[..., FORGET]).all():
        given[..., FORGET] = 0.0
    return Objective(successes, failures, lower, upper, given)


def _checked_bounds(bounds: Bounds, upper: Floats) -> dict[str, tuple[float, float]]:
    faults, found = [], {}
    for name, pair in bounds.items():
        if name not in PARAMETER_NAMES:
            faults.append(Fault("bounds", str(name), f"one of {', '.join(PARAMETER_NAMES)}"))
            continue
        highest = float(upper[PARAMETER_NAMES.index(name)])
        if not (_is_pair(pair) and 0.0 <= pair[0] < pair[1] <= highest):
            wanted = f"two numbers, the first below the second, from 0 to {highest:g}"
            faults.append(Fault(f"bounds, {name}", str(pair), wanted))
        found[name] = pair
    if faults:
        raise InvalidInput(faults)
    return found


def _is_pair(value: object) -> bool:
    numbers = isinstance(value, (tuple, list)) and len(value) == 2
    return numbers and all(isinstance(v, (int, float)) for v in value)  # type: ignore[attr-defined]


def _given(fixed: Given, skills: Sequence[str] | None) -> Floats:
    """The given values, [5], or [skill, 5] if any skill has one of its own."""
    faults = [
        Fault("fixed", str(name), f"one of {', '.join(PARAMETER_NAMES)}")
        for name in fixed
        if name not in PARAMETER_NAMES
    ]
    by_skill = any(isinstance(value, Mapping) for value in fixed.values())
    rows = {skill: row for row, skill in enumerate(skills or ())}
    found = np.full((len(rows), 5) if by_skill else 5, np.nan)
    for number, name in enumerate(PARAMETER_NAMES):
        value = fixed.get(name)
        if value is None:
            continue
        own = value if isinstance(value, Mapping) else {None: value}
        for skill, one in own.items():
            place = f"fixed, {name}" if skill is None else f"fixed, {name}, {skill}"
            if not (isinstance(one, (int, float)) and 0.0 <= one <= 1.0):
                faults.append(Fault(place, str(one), "a number from 0 to 1"))
            elif skill is None:
                found[..., number] = one
            elif skills is not None and skill not in rows:
                faults.append(Fault(place, str(skill), "a skill of the responses"))
            elif skill in rows:
                found[rows[skill], number] = one
    if faults:
        raise InvalidInput(faults)
    # an emission that is certain could make a response impossible
    found[..., [GUESS, SLIP]] = np.clip(found[..., [GUESS, SLIP]], EDGE, 1.0 - EDGE)
    return found
