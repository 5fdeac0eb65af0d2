"""What is to be learnt and by what means: skills, objectives, items and activities.

A `Curriculum` is checked once, when it is made, and trusted afterwards. Its prerequisites form a
directed graph without cycles; a cycle is refused by naming it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import TypeVar

from .errors import Fault, InvalidInput
from .responses import combined

LEVELS = ("support", "on-level", "advanced")


@dataclass(frozen=True, slots=True)
class Skill:
    """Something a student can master, with the skills it builds on."""

    id: str
    name: str = ""
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """What a class works towards together: a set of target skills."""

    id: str
    name: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A question that can be answered right or wrong, and the skills it needs."""

    id: str
    skills: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a student can do: a video, an exercise, a text, a workshop with the teacher.

    `method` is how it teaches, in the catalogue's words (guided practice, discussion, project,
    mentoring …); `topics` what it is about beside the skill, for those interested;
    `minutes` is its usual length; `items` are the questions it asks (none: it only teaches);
    `assesses` marks a check whose answers count as an assessment of the skill; `tools` is what
    must be at hand to do it (a tablet, a balance …); `seats` how many can take part at a time, in
    a workshop held at times of its own (`engine.workshops`); None: as many as like.
    """

    id: str
    skills: tuple[str, ...]
    name: str = ""
    modality: str = "exercise"
    level: str = "on-level"
    minutes: float = 10.0
    teacher_led: bool = False
    assesses: bool = False
    items: tuple[str, ...] = ()
    method: str = ""
    topics: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    seats: int | None = None


Thing = TypeVar("Thing", Skill, Objective, Item, Activity)


@dataclass(frozen=True)
class Curriculum:
    """Skills in an order that respects their prerequisites, and everything that points at them.

    >>> course = Curriculum.of(skills=[Skill("ratio", prerequisites=("fraction",)),
    ...                                Skill("fraction")])
    >>> list(course.skills)
    ['fraction', 'ratio']
    >>> Curriculum.of(skills=[Skill("a", prerequisites=("b",)), Skill("b", prerequisites=("a",))])
    Traceback (most recent call last):
    engine.errors.InvalidInput: prerequisites: got 'a → b → a', expected a graph without cycles
    """

    skills: Mapping[str, Skill] = field(default_factory=dict)
    objectives: Mapping[str, Objective] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    activities: Mapping[str, Activity] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *,
        skills: Iterable[Skill] = (),
        objectives: Iterable[Objective] = (),
        items: Iterable[Item] = (),
        activities: Iterable[Activity] = (),
    ) -> Curriculum:
        """A checked curriculum. Raises `InvalidInput` naming every fault found."""
        by_id = _by_id(skills, "skill")
        curriculum = cls(
            skills=MappingProxyType({key: by_id[key] for key in _course_order(by_id)}),
            objectives=MappingProxyType(_by_id(objectives, "objective")),
            items=MappingProxyType(_by_id(items, "item")),
            activities=MappingProxyType(_by_id(activities, "activity")),
        )
        faults = [*_unknown_skills(curriculum), *_unknown_items(curriculum)]
        if faults:
            raise InvalidInput(faults)
        return curriculum

    @cached_property
    def item_skills(self) -> Mapping[str, tuple[str, ...]]:
        """Each item's skills, once each and in one order."""
        return {item.id: tuple(sorted(set(item.skills))) for item in self.items.values()}

    def closure(self, targets: Iterable[str]) -> frozenset[str]:
        """The target skills together with everything they build on, however far back."""
        found: set[str] = set()
        waiting = [skill for skill in targets if skill in self.skills]
        while waiting:
            skill = waiting.pop()
            if skill not in found:
                found.add(skill)
                waiting.extend(self.skills[skill].prerequisites)
        return frozenset(found)

    def scope(self, objective: str | None) -> tuple[str, ...]:
        """The skills that an objective involves, prerequisites first; all skills when None."""
        if objective is None:
            return tuple(self.skills)
        inside = self.closure(self.objectives[objective].skills)
        return tuple(skill for skill in self.skills if skill in inside)

    def activities_for(self, skill: str) -> tuple[Activity, ...]:
        """The activities that work on a skill, in catalogue order."""
        return self._activities_by_skill.get(skill, ())

    def checks_for(self, skill: str) -> tuple[Activity, ...]:
        """Those of them that assess it."""
        return self._checks_by_skill.get(skill, ())

    def dependents(self, skill: str) -> tuple[str, ...]:
        """The skills that have this one among their prerequisites, in course order."""
        return self._dependents.get(skill, ())

    def asks_about(self, activity: Activity, skill: str) -> bool:
        """Whether some answer in the activity would be evidence on this very skill."""
        return skill in self._asked_alone[activity.id]

    def is_asked_about(self, skill: str) -> bool:
        """Whether some activity has a question on this very skill."""
        return skill in self._all_asked

    @cached_property
    def restricted(self) -> tuple[Activity, ...]:
        """The activities that need tools or have few seats, in catalogue order."""
        return tuple(a for a in self.activities.values() if a.tools or a.seats is not None)

    @cached_property
    def traced(self) -> tuple[str, ...]:
        """Every skill, and every combination of skills that some activity works on."""
        together = (combined(a.skills) for a in self.activities.values() if a.skills)
        return tuple(dict.fromkeys([*self.skills, *together]))

    @cached_property
    def _asked_alone(self) -> dict[str, frozenset[str]]:
        """Activity → the skills that one of its questions is about and nothing else."""
        alone = {
            item.id: item.skills[0] for item in self.items.values() if len({*item.skills}) == 1
        }
        return {
            activity.id: frozenset(alone[item] for item in activity.items if item in alone)
            for activity in self.activities.values()
        }

    @cached_property
    def _all_asked(self) -> frozenset[str]:
        return frozenset().union(*self._asked_alone.values())

    @cached_property
    def _activities_by_skill(self) -> dict[str, tuple[Activity, ...]]:
        found: dict[str, list[Activity]] = {}
        for activity in self.activities.values():
            for skill in dict.fromkeys(activity.skills):
                found.setdefault(skill, []).append(activity)
        return {skill: tuple(activities) for skill, activities in found.items()}

    @cached_property
    def _checks_by_skill(self) -> dict[str, tuple[Activity, ...]]:
        """A few of thousands, and asked for by every decision."""
        found = {
            skill: tuple(activity for activity in activities if activity.assesses)
            for skill, activities in self._activities_by_skill.items()
        }
        return {skill: checks for skill, checks in found.items() if checks}

    @cached_property
    def _dependents(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for skill in self.skills.values():
            for prerequisite in dict.fromkeys(skill.prerequisites):
                found.setdefault(prerequisite, []).append(skill.id)
        return {skill: tuple(ids) for skill, ids in found.items()}


def _by_id(things: Iterable[Thing], kind: str) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for thing in things:
        if thing.id in found:
            raise InvalidInput.at(f"{kind} id", thing.id, "each id once")
        found[thing.id] = thing
    return found


def _course_order(skills: Mapping[str, Skill]) -> list[str]:
    """Skill ids, prerequisites first, level by level."""
    graph = {key: [p for p in skill.prerequisites if p in skills] for key, skill in skills.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        cycle = " → ".join(reversed(error.args[1]))
        raise InvalidInput.at("prerequisites", cycle, "a graph without cycles") from None


def _unknown_skills(curriculum: Curriculum) -> Iterable[Fault]:
    mentions = [
        *((f"skill {s.id}, prerequisites", s.prerequisites) for s in curriculum.skills.values()),
        *((f"objective {o.id}, skills", o.skills) for o in curriculum.objectives.values()),
        *((f"item {i.id}, skills", i.skills) for i in curriculum.items.values()),
        *((f"activity {a.id}, skills", a.skills) for a in curriculum.activities.values()),
    ]
    for place, names in mentions:
        for name in names:
            if name not in curriculum.skills:
                yield Fault(place, name, "the id of a skill in this curriculum")


def _unknown_items(curriculum: Curriculum) -> Iterable[Fault]:
    for activity in curriculum.activities.values():
        for item in activity.items:
            if item not in curriculum.items:
                yield Fault(f"activity {activity.id}, items", item, "the id of an item")
