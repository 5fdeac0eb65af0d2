"""What an activity must pass to be served, and which constraint left nothing over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from .curriculum import Activity
from .explanation import Code, Count, Reason, note
from .situation import Situation
from .tasks import Task, can_start

NAMED_SKILLS = 3  # how many skills a sentence names before it counts the others


class Option(NamedTuple):
    """An activity that could serve a task."""

    task: Task
    activity: Activity


def options_for(situation: Situation, tasks: Iterable[Task]) -> list[Option]:
    """Every activity of the catalogue for every task, before any constraint."""
    catalogue = situation.curriculum.activities_for
    return [Option(task, activity) for task in tasks for activity in catalogue(task.skill)]


def passing(situation: Situation, options: Sequence[Option]) -> list[Option]:
    """The options that no constraint forbids."""
    purposes = {option.task.purpose for option in options}
    idle = _idle(situation) | {c for c, only in ONLY_FOR.items() if purposes.isdisjoint(only)}
    left = _open(situation, options)
    for code, forbids in FORBIDS.items():
        if code not in idle and code is not Code.SKILL_NOT_OPEN:
            left = [option for option in left if not forbids(situation, option)]
    return left


def _open(situation: Situation, options: Sequence[Option]) -> list[Option]:
    """The options on no skill that cannot start, which is asked once for all on the same skills."""
    asked = dict.fromkeys(option.activity.skills for option in options)
    may = {skills: all(can_start(situation, skill) for skill in skills) for skills in asked}
    return [option for option in options if may[option.activity.skills]]


def impossible_now(situation: Situation, option: Option) -> bool:
    """Whether not even a teacher's word can have the activity done now."""
    purpose = option.task.purpose
    return (
        _is_excluded(situation, option)
        or _is_ruled_out(situation, option)
        or _is_too_long(situation, option)
        or _lacks_tools(situation, option)
        or _lacks_seat(situation, option)
        or _lacks_teacher(situation, option)
        or _is_no_check(situation, option)
        or (purpose == "diagnose" and _asks_too_little(situation, option))
    )


def barriers(situation: Situation, options: Sequence[Option]) -> list[Reason]:
    """Why no option passes: the constraints of the options that came nearest to passing.

    Where one constraint alone is in the way of some option, only such constraints are named.
    """
    rejected = _rejections(situation, options)
    fewest = min(map(len, rejected), default=0)
    counts = Counter(code for codes in rejected if len(codes) == fewest for code in codes)
    facts = _facts(situation, options)
    return [note(code, {**facts, "count": Count(count)}) for code, count in counts.items()]


def skill_names(situation: Situation, skills: Iterable[str]) -> str:
    """A few skills by name, and how many more there are."""
    names = [situation.name(skill) for skill in dict.fromkeys(skills)]
    more = f" and {len(names) - NAMED_SKILLS} more" if len(names) > NAMED_SKILLS else ""
    return ", ".join(names[:NAMED_SKILLS]) + more


def _rejections(situation: Situation, options: Sequence[Option]) -> list[list[Code]]:
    """For each option the constraints that forbid it."""
    return [
        [code for code, forbids in FORBIDS.items() if forbids(situation, option)]
        for option in options
    ]


def _idle(situation: Situation) -> set[Code]:
    """The constraints that this request leaves nothing to forbid."""
    request = situation.request
    idle = {
        Code.EXCLUDED: not request.exclude,
        Code.RULED_OUT: not situation.rulings.exclusions,
        Code.OTHER_MODALITY: not request.modality,
        Code.OTHER_LEVEL: not request.difficulty,
        Code.TOO_LONG: request.minutes is None,
        Code.TOOLS_MISSING: request.tools is None,
        Code.NO_SEAT: all(one.seats is None for one in situation.curriculum.restricted),
        Code.TEACHER_ABSENT: request.teacher_available,
    }
    return {code for code, is_idle in idle.items() if is_idle}


def _facts(situation: Situation, options: Sequence[Option]) -> dict[str, object]:
    request = situation.request
    return {
        "skills": skill_names(situation, (option.task.skill for option in options)),
        "modality": ", ".join(request.modality),
        "difficulty": ", ".join(request.difficulty),
        "tools": ", ".join(dict.fromkeys(chain(*(missing_tools(situation, o) for o in options)))),
        "minutes": f"{request.minutes or 0:g}",
        "least": f"{min((option.activity.minutes for option in options), default=0):g}",
    }


def _is_excluded(situation: Situation, option: Option) -> bool:
    return option.activity.id in situation.request.exclude


def _is_ruled_out(situation: Situation, option: Option) -> bool:
    return situation.rulings.excluding(option.activity) is not None


def _is_other_modality(situation: Situation, option: Option) -> bool:
    wanted = situation.request.modality
    return bool(wanted) and option.activity.modality not in wanted


def _is_too_long(situation: Situation, option: Option) -> bool:
    minutes = situation.request.minutes
    return minutes is not None and option.activity.minutes > minutes


def _is_other_level(situation: Situation, option: Option) -> bool:
    wanted = situation.request.difficulty
    return bool(wanted) and option.activity.level not in wanted


def missing_tools(situation: Situation, option: Option) -> list[str]:
    """What the activity needs and is not at hand, where it is known what is."""
    at_hand = situation.request.tools
    return [] if at_hand is None else [t for t in option.activity.tools if t not in at_hand]


def _lacks_tools(situation: Situation, option: Option) -> bool:
    return bool(missing_tools(situation, option))


def _lacks_seat(situation: Situation, option: Option) -> bool:
    return option.activity.seats is not None and not situation.is_seated(option.activity)


def _lacks_teacher(situation: Situation, option: Option) -> bool:
    """Whoever has a seat in a workshop has its teacher too."""
    led, there = option.activity.teacher_led, situation.request.teacher_available
    return led and not there and not situation.is_seated(option.activity)


def _asks_too_little(situation: Situation, option: Option) -> bool:
    task, activity = option
    if task.purpose == "diagnose":
        return not situation.curriculum.asks_about(activity, task.skill)
    return task.purpose == "practice" and not activity.items


def _is_no_check(situation: Situation, option: Option) -> bool:
    return option.task.purpose == "assess" and not option.activity.assesses


def _touches_a_blocked_skill(situation: Situation, option: Option) -> bool:
    return not all(can_start(situation, skill) for skill in option.activity.skills)


FORBIDS: Mapping[Code, Callable[[Situation, Option], bool]] = {
    Code.EXCLUDED: _is_excluded,
    Code.RULED_OUT: _is_ruled_out,
    Code.OTHER_MODALITY: _is_other_modality,
    Code.OTHER_LEVEL: _is_other_level,
    Code.TOO_LONG: _is_too_long,
    Code.TOOLS_MISSING: _lacks_tools,
    Code.NO_SEAT: _lacks_seat,
    Code.TEACHER_ABSENT: _lacks_teacher,
    Code.NO_QUESTIONS: _asks_too_little,
    Code.NO_CHECK: _is_no_check,
    Code.SKILL_NOT_OPEN: _touches_a_blocked_skill,
}
ONLY_FOR: Mapping[Code, frozenset[str]] = {
    Code.NO_QUESTIONS: frozenset({"diagnose", "practice"}),
    Code.NO_CHECK: frozenset({"assess"}),
}
"""Constraints that forbid nothing but to a task of these purposes."""
