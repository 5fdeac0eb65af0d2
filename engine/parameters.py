"""The five numbers of a skill in Bayesian knowledge tracing.

Source: Corbett & Anderson (1995), Knowledge tracing: modeling the acquisition of procedural
knowledge, User Modeling and User-Adapted Interaction 4, 253-278.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


PARAMETER_NAMES = SkillParameters._fields


@dataclass(frozen=True)
class SkillEstimate:
    """Parameters of a skill as a fit left them, with how sure the fit is of each.

    `draws` are parameter sets from the estimate's own uncertainty, shape [draw, 5], fixed when
    the model was fitted so that every reader derives the same intervals from them. `flags` name
    what a careful reader should know (`pooled`, `unconverged`, `guess+slip>=1`, …).
    """

    parameters: SkillParameters
    standard_errors: SkillParameters
    draws: NDArray[np.float64]
    responses: int = 0
    students: int = 0
    flags: tuple[str, ...] = ()


Estimates = Mapping[str, SkillEstimate]
