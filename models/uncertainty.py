"""From the top that a fit reached to estimates that say how sure they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.parameters import GUESS, PARAMETER_NAMES, SLIP, SkillEstimate, SkillParameters
from engine.tables import Floats

from .fitting import Fit
from .objective import Objective
from .sequences import Sequences

POOLED_RANGE = 6.0
"""Logits beyond this say 'never' or 'always'; for the average skill they count as this."""
POOLED_SKILLS = 3.0
"""Skills' worth of weight that a spread of one logit has beside the spread seen among skills."""
SHOWN_DIGITS = 12  # of a parameter: beyond this it is the machine's, not the data's


def estimates(found: Fit, goal: Objective, sequences: Sequences) -> dict[str, SkillEstimate]:
    """An estimate for every skill, with standard errors and flags."""
    errors = standard_errors(found, goal)
    responses, students = sequences.responses_of(), sequences.students_of()
    return {
        name: SkillEstimate(
            parameters=SkillParameters(*found.parameters[row].round(SHOWN_DIGITS).tolist()),
            standard_errors=SkillParameters(*errors[row].tolist()),
            covariance=np.nan_to_num(found.covariance[row]),
            upper=SkillParameters(*goal.upper.tolist()),
            lower=SkillParameters(*goal.lower.tolist()),
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
    slope = _slope(goal, found.parameters)
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
    given = goal.fixed.reshape(-1, 5)
    free = np.asarray(np.isnan(given).any(axis=0))  # fixed in every skill: no doubt about any
    covariance[~(free[:, None] & free[None, :])] = 0.0
    average = replace(goal, fixed=np.where(free, np.nan, given[0]))
    centre_parameters = average.parameters(centre)
    errors = np.where(free, _slope(goal, centre_parameters)[0] * np.sqrt(np.diag(covariance)), 0.0)
    return SkillEstimate(
        parameters=SkillParameters(*centre_parameters[0].round(SHOWN_DIGITS).tolist()),
        standard_errors=SkillParameters(*errors.tolist()),
        covariance=covariance,
        upper=SkillParameters(*goal.upper.tolist()),
        flags=("pooled",),
        lower=SkillParameters(*goal.lower.tolist()),
    )


def _slope(goal: Objective, parameters: Floats) -> Floats:
    """Derivative of the parameters by their scaled logits."""
    span = goal.upper - goal.lower
    return (parameters - goal.lower) * (goal.upper - parameters) / span


def _flags(found: Fit, errors: Floats, goal: Objective, row: int) -> tuple[str, ...]:
    free = np.broadcast_to(goal.free, found.parameters.shape)[row]
    undetermined = [
        name
        for name, error, fitted in zip(PARAMETER_NAMES, errors, free, strict=True)
        if fitted and np.isnan(error)
    ]
    parameters = found.parameters[row]
    return (
        *(() if found.converged[row] else ("unconverged",)),
        *(("guess+slip>=1",) if parameters[GUESS] + parameters[SLIP] >= 1.0 else ()),
        *((f"undetermined: {', '.join(undetermined)}",) if undetermined else ()),
    )
