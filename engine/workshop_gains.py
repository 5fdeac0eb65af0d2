"""What a student gains by a workshop, beside the best other thing they could do meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from .constraints import Option as Possible
from .constraints import missing_tools
from .curriculum import Activity
from .plans import teaches
from .situation import Situation
from .tasks import Task
from .workshops import Gain

COMPARED = 3
"""Skills whose activities are looked through for the best alternative: those with most to gain."""


def workshop_gain(situation: Situation, activity: Activity) -> Gain:
    """P(mastered) that the workshop should add, and that the best activity without a teacher would.

    Over the skills taught that are open and not secure: (1 − P) × P(the activity teaches it) × the
    share of full speed that the prerequisites leave.
    """
    most = nlargest(COMPARED, situation.fringe, key=lambda skill: _room(situation, skill))
    others = (
        other
        for skill in most
        for other in situation.curriculum.activities_for(skill)
        if _is_alternative(situation, other)
    )
    best = max((_gain(situation, other) for other in others), default=0.0)
    return Gain(_gain(situation, activity), best)


def _gain(situation: Situation, activity: Activity) -> float:
    open_now: Iterable[str] = (s for s in dict.fromkeys(activity.skills) if s in situation.fringe)
    return sum(
        _room(situation, skill) * teaches(situation.bundle, skill, activity) for skill in open_now
    )


def _room(situation: Situation, skill: str) -> float:
    """What there is to learn of a skill, as far as its prerequisites let it be learnt."""
    return (1.0 - situation.mastery(skill)) * situation.speed(skill)


def _is_alternative(situation: Situation, activity: Activity) -> bool:
    """Whether it could be done meanwhile: without the teacher, a seat or what is not at hand."""
    if activity.seats is not None or activity.teacher_led:
        return False
    return not missing_tools(situation, Possible(Task(activity.skills[0], "learn"), activity))
