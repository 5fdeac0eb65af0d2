"""The options that can come on a slate, without weighing all the others.

A course has thousands of activities and a slate half a dozen. What a skill is worth bounds what
any of its activities can score, for the factors of an activity are at most 1. So skills are opened
from the most worthwhile down, until no further one could come among the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from .constraints import options_for, passing
from .ranking import DEFAULT_WEIGHTS, Scored, Weights, scores, worth
from .situation import Situation
from .slate import PER_SKILL, SKILLS
from .tasks import Task


def shortlist(
    situation: Situation, tasks: Sequence[Task], *, n: int, weights: Weights = DEFAULT_WEIGHTS
) -> list[Scored]:
    """Scored options, among them all that a slate of n would serve of all tasks."""
    needed = max(SKILLS, ceil(n / PER_SKILL))
    bounds = {task: worth(situation, task, weights) for task in tasks}
    ranked = sorted(tasks, key=lambda task: _order(task, bounds[task]))
    found: list[Scored] = []
    for task in ranked:
        if _settled(found, needed, _order(task, bounds[task])):
            break
        found += scores(situation, passing(situation, options_for(situation, [task])), weights)
    return found


Order = tuple[bool, float]


def _order(task: Task, score: float) -> Order:
    """As on the slate: reviews first, then by score."""
    return task.purpose != "review", -score


def _settled(found: Sequence[Scored], needed: int, bound: Order) -> bool:
    """Whether the first skills on the slate are known, whatever the rest may hold.

    An activity that works on several skills is counted for the one it serves best.
    """
    once: dict[str, tuple[Order, str]] = {}
    for scored in found:
        task, activity = scored.option
        mine = _order(task, scored.score), task.skill
        once[activity.id] = min(once.get(activity.id, mine), mine)
    best: dict[str, Order] = {}
    for order, skill in once.values():
        best[skill] = min(best.get(skill, order), order)
    leading = sorted(best.values())[:needed]
    return len(leading) == needed and leading[-1] < bound
