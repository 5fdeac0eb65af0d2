"""From the top that a fit reached to estimates that say how sure they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.parameters import PARAMETER_NAMES, Emission, SkillEstimate, SkillParameters

from .fitting import Fit
from .objective import GUESS, SLIP, Objective
from .sequences import Floats, Sequences

POOLED_RANGE = 6.0
"""Logits beyond this say 'never' or 'always'; for the average skill they count as this."""
POOLED_SKILLS = 3.0
"""Skills' worth of weight that a spread of one logit has beside the spread seen among skills."""
SHOWN_DIGITS = 12  # of a parameter: beyond this it is the machine's, not the data's


def estimates(
    found: Fit,
    goal: Objective,
    sequences: Sequences,
    emissions: Mapping[str, Mapping[str, Emission]],
) -> dict[str, SkillEstimate]:
    """An estimate for every skill, with standard errors, flags and its items' own emissions."""
    errors = standard_errors(found, goal)
    responses, students = sequences.responses_of(), sequences.students_of()
    return {
        name: SkillEstimate(
            parameters=SkillParameters(*found.parameters[row].round(SHOWN_DIGITS).tolist()),
            standard_errors=SkillParameters(*errors[row].tolist()),
            covariance=np.nan_to_num(found.covariance[row]),
            upper=SkillParameters(*goal.upper.tolist()),
            items=emissions.get(name, {}),
            responses=int(responses[row]),
            students=int(students[row]),
            flags=_flags(found, errors[row], goal, row),
        )
        for row, name in enumerate(sequences.skills)
    }


def standard_errors(found: Fit, goal: Objective) -> Floats:
    """Standard error of each parameter [skill, 5] by the delta method; NaN where undetermined.

    A fixed parameter has the standard error 0.
    """
    slope = found.parameters * (1.0 - found.parameters / goal.upper)
    in_logits = np.sqrt(np.diagonal(found.covariance, axis1=1, axis2=2))
    return np.where(goal.free, slope * in_logits, 0.0)


def pooled(found: Fit, goal: Objective, sequences: Sequences) -> SkillEstimate:
    """The average skill, as uncertain as skills differ: what to expect of an unseen one."""
    logits = np.clip(goal.logits(found.parameters), -POOLED_RANGE, POOLED_RANGE)
    weight = sequences.students_of()[:, None] / max(int(sequences.students_of().sum()), 1)
    centre = (weight * logits).sum(axis=0, keepdims=True)
    spread = np.einsum("si,sj->ij", weight * (logits - centre), logits - centre)
    skills = len(logits)
    covariance = (skills * spread + POOLED_SKILLS * np.eye(5)) / (skills + POOLED_SKILLS)
    covariance[~(goal.free[:, None] & goal.free[None, :])] = 0.0
    centre_parameters = goal.parameters(centre)
    slope = centre_parameters * (1.0 - centre_parameters / goal.upper)
    errors = np.where(goal.free, slope[0] * np.sqrt(np.diag(covariance)), 0.0)
    return SkillEstimate(
        parameters=SkillParameters(*centre_parameters[0].round(SHOWN_DIGITS).tolist()),
        standard_errors=SkillParameters(*errors.tolist()),
        covariance=covariance,
        upper=SkillParameters(*goal.upper.tolist()),
        flags=("pooled",),
    )


def _flags(found: Fit, errors: Floats, goal: Objective, row: int) -> tuple[str, ...]:
    undetermined = [
        name
        for name, error, free in zip(PARAMETER_NAMES, errors, goal.free, strict=True)
        if free and np.isnan(error)
    ]
    parameters = found.parameters[row]
    return (
        *(() if found.converged[row] else ("unconverged",)),
        *(("guess+slip>=1",) if parameters[GUESS] + parameters[SLIP] >= 1.0 else ()),
        *((f"undetermined: {', '.join(undetermined)}",) if undetermined else ()),
    )
