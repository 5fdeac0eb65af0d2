"""What came of an override: the answers since, beside what the model expected of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean
from typing import Any

from engine.overrides import Override
from engine.responses import Response
from engine.trails import EvidenceStep, evidence_trail

from ..answers import Reading

Document = dict[str, Any]


def effect(reading: Reading, override: Override, students: Sequence[str]) -> Document:
    """What has happened on its skills since it was said, over all its students, up to its expiry.

    The share expected is the mean of what the model predicted before each answer.
    """
    skills = skills_of(reading, override)
    histories = reading.responses(students)
    steps = [
        step
        for history in histories.values()
        for skill in skills
        for step in evidence_trail(history, reading.bundle, skill)
        if _is_since(step, override)
    ]
    return {
        "answers": len(steps),
        "right": _mean(step.response.correct for step in steps),
        "expected": _mean(step.p_correct for step in steps),
        "p_mastery_before": _estimate(reading, students, skills, override.said_at),
        "p_mastery_now": _estimate(reading, students, skills, None),
        "done": _followed(override, histories) if override.kind == "pin" else None,
    }


def skills_of(reading: Reading, override: Override) -> tuple[str, ...]:
    """The skills that an override is about, those of its activity or objective included."""
    curriculum = reading.curriculum
    if override.skill is not None:
        return (override.skill,)
    if override.activity is not None:
        activity = curriculum.activities.get(override.activity)
        return activity.skills if activity else ()
    named = override.objective
    if override.grouping is not None:
        grouping = reading.store.get(reading.tenant, "groupings", override.grouping)
        named = grouping["objective"] if grouping else None
    objective = curriculum.objectives.get(named or "")
    return objective.skills if objective else ()


def _is_since(step: EvidenceStep, override: Override) -> bool:
    return override.said_at <= step.response.occurred_at < override.expires_at


def _estimate(
    reading: Reading, students: Sequence[str], skills: Sequence[str], as_of: datetime | None
) -> float | None:
    found = [reading.beliefs(student, as_of) for student in students]
    return _mean(known[skill].p_mastery for known in found for skill in skills if skill in known)


def _followed(override: Override, histories: dict[str, list[Response]]) -> bool:
    """Whether everybody has answered in the pinned activity, or on the pinned skill, since."""
    return all(
        student in override.done
        or any(
            response.activity == override.activity
            if override.activity is not None
            else override.skill in response.skills
            for response in history
            if response.occurred_at >= override.said_at
        )
        for student, history in histories.items()
    )


def _mean(values: Any) -> float | None:
    found = list(values)
    return fmean(found) if found else None
