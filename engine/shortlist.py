"""The options that can come on a slate, without weighing all the others.

A course has thousands of activities and a slate half a dozen. What a skill is worth bounds what
any of its activities can score, for the factors of an activity are at most 1. So skills are opened
from the most worthwhile down, until no further one could come among the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from .constraints import options_for, passing
from .ranking import DEFAULT_WEIGHTS, Scored, Weights, has_seat, scores, worth
from .situation import Situation
from .slate import PER_SKILL, SKILLS
from .tasks import Task


def shortlist(
    situation: Situation, tasks: Sequence[Task], *, n: int, weights: Weights = DEFAULT_WEIGHTS
) -> list[Scored]:
    """Scored options, among them all that a slate of n would serve of all tasks, and every
    workshop in which a seat is kept."""
    needed = max(SKILLS, ceil(n / PER_SKILL))
    bounds = {task: _order(task, worth(situation, task, weights)) for task in tasks}
    found: list[Scored] = []
    serves: dict[str, Serves] = {}
    settled = False
    for opened, task in enumerate(sorted(tasks, key=bounds.__getitem__)):
        settled = settled or (opened >= needed and _settled(serves, needed, bounds[task]))
        if settled and not situation.places:
            break
        if settled and not has_seat(situation, task.skill):
            continue
        new = scores(situation, passing(situation, options_for(situation, [task])), weights)
        _count_in(serves, new)
        found += new
    return found


Order = tuple[bool, float]
Serves = tuple[Order, str]  # how an activity orders for the skill that it serves best


def _order(task: Task, score: float) -> Order:
    """As on the slate: reviews first, then by score."""
    return task.purpose != "review", -score


def _count_in(serves: dict[str, Serves], new: Sequence[Scored]) -> None:
    """An activity that works on several skills is counted for the one it serves best."""
    for scored in new:
        task, activity = scored.option
        mine = _order(task, scored.score), task.skill
        serves[activity.id] = min(serves.get(activity.id, mine), mine)


def _settled(serves: Mapping[str, Serves], needed: int, bound: Order) -> bool:
    """Whether the first skills on the slate are known, whatever the rest may hold."""
    best: dict[str, Order] = {}
    for order, skill in serves.values():
        if skill not in best or order < best[skill]:
            best[skill] = order
    leading = sorted(best.values())[:needed]
    return len(leading) == needed and leading[-1] < bound
