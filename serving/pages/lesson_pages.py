"""The plan of a lesson and the advice on the approach, as pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.approach import Advice, Conditions
from engine.curriculum import Curriculum

from ..lessons.planning import Lesson
from .group_pages import Option
from .needs import activity_name
from .rendering import address
from .shown import objective_name, skill_name
from .words import TIERS, count, listed, percent

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
INPUTS = {
    "independence": "Independence",
    "age": "Age",
    "devices": "Devices",
    "adults": "Students per adult",
    "students": "Students",
    "fixed_curriculum": "Fixed curriculum",
    "preparation": "Time to prepare",
    "lift": "What personal work gains",
    "out_of_reach": "Objective out of reach",
    "bounds": "Personal share",
}
APPROACHES = {
    "differentiated": "Differentiated: the class on one objective, in tiers",
    "blend": "A blend: tiers on the objective, then each on their own",
    "personalized": "Personalized: each student at their own pace",
}
UNITS = {"age": "years", "preparation": "minutes a week", "adults": "adults in the room"}


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


@dataclass(frozen=True, slots=True)
class ApproachPage:
    """Which approach fits, every number behind it, and the form that states the inputs."""

    name: str
    href: str
    action: str
    objective: str
    objectives: tuple[Option, ...]
    approach: str = ""
    share: str = ""
    judgement: str = ""
    terms: tuple[tuple[str, str, str], ...] = ()
    assumed: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    version: int = 0
    no_model: bool = False
    no_objective: bool = False
    wrong: str = ""


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


def approach_page(
    class_: Mapping[str, Any],
    curriculum: Curriculum,
    objective: str,
    policy: Mapping[str, Any],
    found: tuple[Conditions, Advice],
    *,
    judgement: str,
    wrong: str = "",
) -> ApproachPage:
    """The page of the advice."""
    _, advice = found
    return ApproachPage(
        **about(class_, curriculum, objective),
        approach=APPROACHES[advice.approach],
        share=percent(advice.personal_share),
        judgement=judgement,
        terms=tuple((INPUTS[t.input], t.step, percent(t.share)) for t in advice.terms),
        assumed=advice.assumed,
        changes=tuple(_changed(one.input, one.value, one.approach) for one in advice.would_change),
        policy=policy,
        version=policy["version"],
        wrong=wrong,
    )


def about(
    class_: Mapping[str, Any], curriculum: Curriculum, objective: str | None
) -> dict[str, Any]:
    """What every such page says: the class and the objective."""
    place = ("classes", class_["id"])
    return {
        "name": class_.get("name") or class_["id"],
        "href": address(*place, objective=objective),
        "action": address(*place, "approach"),
        "objective": objective_name(curriculum, objective) if objective else "",
        "objectives": objective_options(curriculum, objective),
    }


def objective_options(curriculum: Curriculum, chosen: str | None) -> tuple[Option, ...]:
    """The objectives there are, in course order."""
    return tuple(
        Option(key, objective_name(curriculum, key), key == chosen) for key in curriculum.objectives
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


def _changed(name: str, value: float | bool, approach: str) -> str:
    shown = ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}"
    unit = f" {UNITS[name]}" if name in UNITS else ""
    return f"{INPUTS[name]} at {shown}{unit}: {approach}."
