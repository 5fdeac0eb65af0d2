"""The five numbers of a skill in Bayesian knowledge tracing.

Source: Corbett & Anderson (1995), Knowledge tracing: modeling the acquisition of procedural
knowledge, User Modeling and User-Adapted Interaction 4, 253-278.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import Fault, InvalidInput


class SkillParameters(NamedTuple):
    """Probabilities that say how one skill is learnt and shown.

    prior   P(mastered before the first response)
    learn   P(not mastered → mastered) between two responses
    forget  P(mastered → not mastered) between two responses
    guess   P(correct | not mastered)
    slip    P(wrong | mastered)
    """

    prior: float
    learn: float
    forget: float
    guess: float
    slip: float

    def checked(self, place: str) -> SkillParameters:
        """The same parameters, once each is known to be a probability.

        >>> SkillParameters(0.3, 0.1, 0.0, 0.2, 1.4).checked("skill ratio")
        Traceback (most recent call last):
        engine.errors.InvalidInput: skill ratio, slip: got '1.4', expected a number from 0 to 1
        """
        faults = [
            Fault(f"{place}, {name}", str(value), "a number from 0 to 1")
            for name, value in self._asdict().items()
            if not 0.0 <= value <= 1.0
        ]
        if faults:
            raise InvalidInput(faults)
        return self


UNBOUNDED = SkillParameters(1.0, 1.0, 1.0, 1.0, 1.0)
FROM_NOTHING = SkillParameters(0.0, 0.0, 0.0, 0.0, 0.0)
PARAMETER_NAMES = SkillParameters._fields
PRIOR, LEARN, FORGET, GUESS, SLIP = range(5)
Floats = NDArray[np.float64]


class Emission(NamedTuple):
    """How an item of its own difficulty shows mastery: P(correct | not), P(wrong | mastered)."""

    guess: float
    slip: float


DRAWS = 40
"""Parameter sets that stand for an estimate's uncertainty: enough for a 90 % interval."""


@dataclass(frozen=True)
class SkillEstimate:
    """Parameters of a skill as a fit left them, with how sure the fit is of each.

    standard_errors  of each parameter, NaN where the data leave it undetermined
    covariance       [5, 5] of the scaled logits log((θ − lower) / (upper − θ)); 0 where there is
                     none
    lower, upper     bounds of the parameters in the fit
    flags            what a careful reader should know (`pooled`, `unconverged`, `guess+slip>=1`, …)
    items            guess and slip of the items that have their own
    priors, learns, forgets   values of these parameters by key (`engine.contexts`), where they
                              depend on more than the skill; `parameters` holds the average
    """

    parameters: SkillParameters
    standard_errors: SkillParameters
    covariance: Floats
    upper: SkillParameters = UNBOUNDED
    responses: int = 0
    students: int = 0
    flags: tuple[str, ...] = ()
    items: Mapping[str, Emission] = field(default_factory=dict)
    priors: Mapping[str, float] = field(default_factory=dict)
    learns: Mapping[str, float] = field(default_factory=dict)
    forgets: Mapping[str, float] = field(default_factory=dict)
    lower: SkillParameters = FROM_NOTHING
    columns: dict[tuple[int, str | None], Floats] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What `column` has worked out so far."""

    @cached_property
    def draws(self) -> Floats:
        """Parameter sets spread as the estimate's uncertainty is, shape [DRAWS, 5].

        They are the same for every reader of the same estimate: intervals agree everywhere.
        """
        return draws_around(self.parameters, self.covariance, self.upper, self.lower)

    @cached_property
    def tables(self) -> Floats:
        """Parameter sets to follow side by side: the estimate itself, then its draws."""
        return np.vstack([np.array([self.parameters]), self.draws])

    def own(self, parameter: int, key: str | None) -> float | None:
        """The value that a parameter has under a key; None where the skill's average holds.

        >>> one = SkillParameters(0.5, 0.1, 0.0, 0.2, 0.1)
        >>> skill = SkillEstimate(one, one, np.zeros((5, 5)), learns={"video": 0.3})
        >>> skill.own(LEARN, "video"), skill.own(LEARN, "quiz"), skill.own(GUESS, "i7")
        (0.3, None, None)
        """
        if key is None:
            return None
        if parameter in (GUESS, SLIP):
            item = self.items.get(key)
            return None if item is None else item[parameter - GUESS]
        return (self.priors, self.learns, self.forgets)[parameter].get(key)

    def column(self, parameter: int, key: str | None) -> Floats:
        """A parameter under a key in every parameter set of `tables`, shape [1 + DRAWS].

        Worked out once for each row: who follows students online asks again and again.
        """
        own = self.own(parameter, key)
        row = parameter, None if own is None else key
        found = self.columns.get(row)
        if found is None:
            found = np.ascontiguousarray(self.tables[:, parameter])
            if own is not None:
                bounds = self.lower[parameter], self.upper[parameter]
                found = np.asarray(shifted(np.array([own]), found[None], *bounds)[0])
            self.columns[row] = found
        return found


def shifted(own: Floats, average: Floats, lower: float, upper: float) -> Floats:
    """Rates of their own, [row], in parameter sets that move the average, [row, set].

    The first set is the estimate itself; in each other one a row's rate moves with the average,
    by the same distance in logits scaled to the bounds.

    >>> shifted(np.array([0.5]), np.array([[0.2, 0.5]]), 0.0, 1.0).round(6)
    array([[0.5, 0.8]])
    """
    centre, rate = average[:, :1], own[:, None]
    movable = (lower < rate) & (rate < upper) & (lower < centre) & (centre < upper)
    movable = movable & (lower < average) & (average < upper) & (average != centre)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = (rate - lower) / (upper - rate) * (average - lower) / (upper - average)
        odds = odds / ((centre - lower) / (upper - centre))
        moved = lower + (upper - lower) * odds / (1.0 + odds)
    return np.where(movable, moved, rate)


def draws_around(
    parameters: SkillParameters,
    covariance: Floats,
    upper: SkillParameters,
    lower: SkillParameters = FROM_NOTHING,
) -> Floats:
    """Draws from a normal distribution in the scaled logits, shape [DRAWS, 5].

    A parameter without variance keeps its value.

    >>> one = SkillParameters(0.5, 0.1, 0.0, 0.2, 0.1)
    >>> found = draws_around(one, np.diag([0.0, 1.0, 0.0, 0.0, 0.0]), SkillParameters(*[1.0] * 5))
    >>> found[:, 0].tolist() == [0.5] * DRAWS, bool(found[:, 1].min() < 0.05)
    (True, True)
    """
    centre, lowest, highest = np.array(parameters), np.array(lower), np.array(upper)
    varies = (np.diag(covariance) > 0.0) & (centre > lowest) & (centre < highest)
    variance, axes = np.linalg.eigh(covariance)
    root = axes * np.sqrt(np.maximum(variance, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        logits = np.log(centre - lowest) - np.log(highest - centre) + _standard_normals() @ root.T
        return np.where(varies, lowest + (highest - lowest) / (1.0 + np.exp(-logits)), centre)


@cache
def _standard_normals() -> Floats:
    """An even spread of the five-dimensional standard normal, in opposite pairs, [DRAWS, 5].

    The points are Roberts's (2018) quasirandom R₅ sequence: no generator whose stream could change.
    """
    golden = 1.1347241384015194  # the positive root of x⁶ = x + 1
    steps = golden ** -np.arange(1.0, 6.0)
    uniform = (0.5 + np.arange(1, DRAWS // 2 + 1)[:, None] * steps) % 1.0
    half = np.vectorize(NormalDist().inv_cdf)(uniform)
    points = np.concatenate([half, -half])
    # so few points are a little skew: straighten them to the unit covariance exactly
    return points @ np.linalg.inv(np.linalg.cholesky(points.T @ points / DRAWS)).T
