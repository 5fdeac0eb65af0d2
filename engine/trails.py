"""A student's trail on a skill: every response that bears on it, and how the belief moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .beliefs import in_order, intervals, practice, tabulated, touched_by
from .bundle import Bundle
from .hierarchy import Hierarchy
from .joint import joint, trail_intervals
from .responses import Response
from .tracing import trace_columns


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One response in a student's trail on a skill, and how the belief moved."""

    response: Response
    p_correct: float
    p_mastery: float
    low: float
    high: float


def evidence_trail(responses: Sequence[Response], bundle: Bundle, skill: str) -> list[EvidenceStep]:
    """The responses of one student that bear on a skill, oldest first, each with its effect.

    `responses` are all of the student's, whatever their skills.
    """
    if bundle.hierarchy is not None:
        return _joint_trail(in_order(responses), bundle, bundle.hierarchy, skill)
    steps = practice(responses, bundle).get(skill, [])
    if not steps:
        return []
    predicted, mastered = trace_columns(*tabulated([(bundle.estimate(skill)[0], steps)]), 0)
    ranges = intervals(mastered).tolist()
    return [
        EvidenceStep(response, float(predicted[i, 0]), float(mastered[i, 0]), *ranges[i])
        for i, (response, _) in enumerate(steps)
    ]


def _joint_trail(
    responses: list[Response], bundle: Bundle, hierarchy: Hierarchy, skill: str
) -> list[EvidenceStep]:
    skills = list(dict.fromkeys(one.skill for one in responses))
    found = joint(responses, hierarchy, skills)
    low, high = trail_intervals(responses, hierarchy, skills)
    low, high = np.minimum(low, found.trail), np.maximum(high, found.trail)
    predicted = found.predicted[found.touches.response]
    touches = [(one, name) for one in responses for name in touched_by(one, bundle)]
    rows = zip(touches, predicted, found.trail, low, high, strict=True)
    return [
        EvidenceStep(response, *(float(number) for number in numbers))
        for (response, name), *numbers in rows
        if name == skill
    ]
