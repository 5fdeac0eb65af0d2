"""From the top that a fit reached to estimates that say how sure they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.parameters import (
    FORGET,
    GUESS,
    LEARN,
    PARAMETER_NAMES,
    SLIP,
    SkillEstimate,
    SkillParameters,
)
from engine.tables import Floats

from .fitting import Fit
from .objective import Objective
from .sequences import Sequences

POOLED_RANGE = 6.0
"""Logits beyond this say 'never' or 'always'; for the average skill they count as this."""
POOLED_SKILLS = 3.0
"""Skills' worth of weight that a spread of one logit has beside the spread seen among skills."""
AT_BOUND = 1e-4
"""Of the range of a parameter: nearer than this it lies at its bound."""
FEW = 64  # answers that tell of most skills that not all are alike
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
            flags=_flags(found, errors[row], goal, sequences, row),
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


def _flags(
    found: Fit, errors: Floats, goal: Objective, sequences: Sequences, row: int
) -> tuple[str, ...]:
    """What a careful reader should know of a skill's estimate, each with its reason."""
    parameters = found.parameters[row]
    return (
        *(
            ()
            if found.converged[row]
            else (f"unconverged (a gradient of {found.gradient[row]:.2g} is left)",)
        ),
        *(("guess+slip>=1",) if parameters[GUESS] + parameters[SLIP] >= 1.0 else ()),
        *_undetermined(found, errors, goal, sequences, row),
    )


def _undetermined(
    found: Fit, errors: Floats, goal: Objective, sequences: Sequences, row: int
) -> list[str]:
    """The parameters without a standard error, by the reason why."""
    free = np.broadcast_to(goal.free, found.parameters.shape)[row]
    open_ = np.flatnonzero(free & np.isnan(errors))
    if not len(open_):
        return []
    whole = _of_answers(sequences, row)
    names: dict[str, list[str]] = {}
    for number in open_.tolist():
        value, low, high = found.parameters[row, number], goal.lower[number], goal.upper[number]
        near = AT_BOUND * (high - low)
        if whole:
            reason = whole
        elif value - low < near or high - value < near:
            reason = f"at the bound {low if value - low < near else high:g}"
        elif number in (LEARN, FORGET) and _no_one_twice(sequences, row):
            reason = "no student answered twice"
        else:
            reason = "other values fit as well"
        names.setdefault(reason, []).append(PARAMETER_NAMES[number])
    return [f"undetermined: {', '.join(those)} ({reason})" for reason, those in names.items()]


def _of_answers(sequences: Sequences, row: int) -> str:
    """What is the matter with all answers of a skill at once, or nothing."""
    first, last = sequences.starts[sequences.skill_starts[row : row + 2]]
    if last - first == 1:
        return "one response"
    rows = sequences.order[first:last]
    one = sequences.given[rows[0]]
    alike = all((sequences.given[some] == one).all() for some in (rows[:FEW], rows))
    if one in (0, 1) and alike:
        return f"every answer is {'right' if one else 'wrong'}"
    return ""


def _no_one_twice(sequences: Sequences, row: int) -> bool:
    return bool(sequences.responses_of()[row] == sequences.students_of()[row])
