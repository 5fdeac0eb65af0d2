"""The plan of a lesson, as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.curriculum import Curriculum

from ..lessons.planning import Lesson
from .approach_page import objective_options
from .group_pages import Option
from .needs import activity_name
from .rendering import address
from .shown import objective_name, skill_name
from .words import TIERS, count, listed

KINDS = {
    "together": "All together: what today is about",
    "groups": "In groups",
    "personal": "On your own",
    "check": "A short check",
}
STATUS = {
    "too_short": "Too short to plan: a lesson takes five minutes at least.",
    "nobody": "Nobody is in this class yet, so there is nothing to plan.",
}
WITHOUT = {
    "together": "Say what you want to reach, and why",
    "groups": "Nothing in the catalogue: work on the skills named",
    "personal": "Own goal, project or reading",
    "check": "One question each, on paper or aloud",
}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """What some do in a block."""

    who: str
    students: str
    what: str
    with_teacher: bool


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A stretch of the lesson."""

    span: str
    minutes: str
    title: str
    teacher: str
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A lesson, minute by minute."""

    name: str
    href: str
    action: str
    objective: str
    objectives: tuple[Option, ...]
    minutes: str
    grouping: str
    blocks: tuple[BlockLine, ...]
    silence: str = ""
    no_model: bool = False


def plan_page(
    class_: Mapping[str, Any],
    curriculum: Curriculum,
    names: Mapping[str, str],
    lesson: Lesson,
) -> PlanPage:
    """The page of a plan; where there is none, why."""
    place = ("classes", class_["id"])
    plan = lesson.plan
    return PlanPage(
        name=class_.get("name") or class_["id"],
        href=address(*place, objective=lesson.objective),
        action=address(*place, "plan"),
        objective=objective_name(curriculum, lesson.objective),
        objectives=objective_options(curriculum, lesson.objective),
        minutes=f"{plan.minutes:g}",
        grouping=lesson.grouping_id or "",
        blocks=tuple(_block(curriculum, names, lesson, block) for block in plan.blocks),
        silence=STATUS.get(plan.status, ""),
    )


def _block(
    curriculum: Curriculum, names: Mapping[str, str], lesson: Lesson, block: Any
) -> BlockLine:
    teacher = "with everybody" if block.kind == "together" else "go round and help"
    if block.teacher is not None:
        skill = skill_name(curriculum, block.teach)
        teacher = f"with “{_title(lesson, block.teacher)}”: teach “{skill}”"
    return BlockLine(
        span=f"{block.start:g} to {block.start + block.minutes:g}",
        minutes=f"{block.minutes:g} min",
        title=KINDS[block.kind],
        teacher=teacher,
        tasks=tuple(_task(curriculum, names, lesson, block.kind, task) for task in block.tasks),
    )


def _task(
    curriculum: Curriculum, names: Mapping[str, str], lesson: Lesson, kind: str, task: Any
) -> TaskLine:
    everybody = kind in ("together", "check")
    who = "Everybody" if everybody else count(len(task.students), "student")
    if task.group is not None:
        who = _title(lesson, task.group)
    elif kind == "groups":
        who = "In no group yet"
    what = activity_name(curriculum, task.activity) if task.activity else WITHOUT[kind]
    people = "" if everybody else listed([names.get(one) or one for one in task.students])
    return TaskLine(who, people, what, task.with_teacher)


def _title(lesson: Lesson, group: int) -> str:
    tier = lesson.grouping.groups[group].tier
    return TIERS[tier] if tier else f"Group {group + 1}"
