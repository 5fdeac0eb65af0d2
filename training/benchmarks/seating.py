"""How long it takes to seat thirty students in mixed groups, and how much better than chance."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from engine.beliefs import SkillBelief
from engine.classroom import classroom
from engine.curriculum import Curriculum, Objective, Skill
from engine.group_quality import quality
from engine.mixed import mixed_groups

STUDENTS, SKILLS, SIZE = 30, 8, 5
TARGET_MS = 5.0


@dataclass(frozen=True, slots=True)
class SeatingTimes:
    """Milliseconds of processor time a grouping, reasons and materials included, and the spread
    beside chance. Processor time, so that whatever else the machine does is left out."""

    students: int
    median_ms: float
    fastest_ms: float
    slowest_ms: float
    spread: float
    random_spread: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def seating_times(*, repeats: int) -> SeatingTimes:
    """Groups of five for a class drawn at random, as often as asked, each from another seed."""
    course, beliefs = _school()
    mixed_groups(course, "objective", beliefs, size=SIZE)  # compiled before the clock starts
    took = []
    for seed in range(repeats):
        start = time.process_time()
        grouping = mixed_groups(course, "objective", beliefs, size=SIZE, seed=seed)
        took.append(1000.0 * (time.process_time() - start))
    room = classroom(course, "objective", beliefs)
    figures = quality(room, grouping, met={}, seed=0)
    return SeatingTimes(
        STUDENTS,
        float(np.median(took)),
        min(took),
        max(took),
        figures.spread,
        figures.random_spread,
    )


def _school() -> tuple[Curriculum, dict[str, dict[str, SkillBelief]]]:
    rng = np.random.default_rng(0)
    names = [f"skill-{number}" for number in range(SKILLS)]
    half = SKILLS // 2
    skills = [
        Skill(name, prerequisites=(names[number - half],) if number >= half else ())
        for number, name in enumerate(names)
    ]
    course = Curriculum.of(
        skills=skills, objectives=[Objective("objective", "", tuple(names[half:]))]
    )
    beliefs = {
        f"student-{one}": {name: _belief(name, float(rng.random())) for name in names}
        for one in range(STUDENTS)
    }
    return course, beliefs


def _belief(skill: str, p: float) -> SkillBelief:
    return SkillBelief(
        skill, p, p, p, 5, "some", "developing", p, None, None, model="drawn", pooled=False
    )
