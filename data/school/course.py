"""What a course is really like: the order it is taught in, how hard each question is, and how much
each activity teaches. Teachers and models never see these figures; they only see answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.curriculum import Activity, Curriculum, Item

from .minds import Question

# How much a kind of activity teaches, as a multiple of an exercise. Judgement, in the order that
# reviews of teaching methods report: guided work with feedback before watching and reading.
TEACHES = {
    "workshop": 1.6,
    "hands-on": 1.2,
    "project": 1.1,
    "interactive exercise": 1.0,
    "video": 0.8,
    "reading": 0.7,
    "quiz": 0.5,
}
OTHER_MODALITY = 1.0
EFFECT_SPREAD = 0.25  # sd of the log of an activity's own quality

LEVEL_CENTRES = {"support": -1.0, "on-level": 0.2, "advanced": 1.4}  # logits a level is made for
LEVEL_WIDTH = 1.5  # logits away from the centre at which an activity teaches .6 of its best

EASIEST, HARDEST = -0.9, 0.9  # logits, from the first to the last question of a skill
DIFFICULTY_SPREAD = 0.35  # sd of what the order does not tell
SKILL_SPREAD = 0.3  # sd of how hard the questions of a skill are on the whole
SECOND_SKILL = 0.2  # logits that needing two skills adds
DISCRIMINATION_SPREAD = 0.25  # sd of the log

SHARE_OF_CHOICES = 0.45  # questions with four choices
GUESS_OF_CHOICES = (0.15, 0.30)  # good distractors … a choice that can be ruled out
GUESS_OF_OPEN = (0.0, 0.04)


@dataclass(frozen=True)
class Shelf:
    """The activities on one skill by what they are for."""

    teaching: tuple[Activity, ...]
    exercises: tuple[Activity, ...]
    checks: tuple[Activity, ...]


@dataclass(frozen=True)
class Course:
    """A curriculum with the truth about it. `order` holds every skill after its prerequisites."""

    curriculum: Curriculum
    order: tuple[str, ...]
    questions: Mapping[str, Question]
    effects: Mapping[str, float]
    shelves: Mapping[str, Shelf]


def course_order(curriculum: Curriculum) -> tuple[str, ...]:
    """Skills as a class meets them: objective by objective, each after its prerequisites.

    >>> from engine.curriculum import Objective, Skill
    >>> course = Curriculum.of(
    ...     skills=[Skill("odds"), Skill("ratio", prerequisites=("fraction",)), Skill("fraction")],
    ...     objectives=[Objective("rates", skills=("ratio",))])
    >>> course_order(course)
    ('fraction', 'ratio', 'odds')
    """
    by_objective = (skill for o in curriculum.objectives for skill in curriculum.scope(o))
    return tuple(dict.fromkeys([*by_objective, *curriculum.skills]))


def draw_course(rng: np.random.Generator, curriculum: Curriculum) -> Course:
    """The course with a true difficulty for every question and effect for every activity."""
    return Course(
        curriculum=curriculum,
        order=course_order(curriculum),
        questions=MappingProxyType(_questions(rng, curriculum)),
        effects=MappingProxyType(_effects(rng, curriculum.activities.values())),
        shelves=MappingProxyType({s: _shelf(curriculum, s) for s in curriculum.skills}),
    )


def suits(level: str, proficiency: float) -> float:
    """How much of its best an activity of a level teaches a student, from 0 to 1.

    >>> suits("advanced", 1.4) > suits("on-level", 1.4) > suits("support", 1.4)
    True
    """
    distance = (proficiency - LEVEL_CENTRES[level]) / LEVEL_WIDTH
    return math.exp(-(distance**2) / 2)


def _questions(rng: np.random.Generator, curriculum: Curriculum) -> dict[str, Question]:
    groups: dict[str, list[Item]] = {}
    for item in curriculum.items.values():
        groups.setdefault(item.skills[0], []).append(item)
    found: dict[str, Question] = {}
    for items in groups.values():
        shift = rng.normal(0, SKILL_SPREAD)
        for item, planned in zip(items, np.linspace(EASIEST, HARDEST, len(items)), strict=True):
            found[item.id] = _question(rng, item, float(planned + shift))
    return found


def _question(rng: np.random.Generator, item: Item, expected: float) -> Question:
    second = SECOND_SKILL if len(item.skills) > 1 else 0.0
    bounds = GUESS_OF_CHOICES if rng.random() < SHARE_OF_CHOICES else GUESS_OF_OPEN
    return Question(
        difficulty=float(expected + second + rng.normal(0, DIFFICULTY_SPREAD)),
        discrimination=float(np.exp(rng.normal(0, DISCRIMINATION_SPREAD))),
        guess=float(rng.uniform(*bounds)),
    )


def _effects(rng: np.random.Generator, activities: Iterable[Activity]) -> dict[str, float]:
    return {
        a.id: TEACHES.get(a.modality, OTHER_MODALITY) * float(np.exp(rng.normal(0, EFFECT_SPREAD)))
        for a in activities
    }


def _shelf(curriculum: Curriculum, skill: str) -> Shelf:
    activities = curriculum.activities_for(skill)
    asking = [activity for activity in activities if activity.items]
    return Shelf(
        teaching=tuple(a for a in activities if not a.items and not a.assesses),
        exercises=tuple(a for a in asking if not a.assesses),
        checks=tuple(a for a in asking if a.assesses),
    )
