"""How long decisions take: over a course of 1,000 skills and 10,000 activities by default."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import numpy as np

from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.chance import Chance
from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.indices import read
from engine.parameters import SkillEstimate, SkillParameters
from engine.planning import GATE, skill_terms
from engine.plans import Plan, plan_of
from engine.policy import recommend
from engine.requests import Request
from engine.responses import Response

TERM = datetime(2026, 9, 1, tzinfo=UTC)
ANSWERS = 200
MODALITIES = ("exercise", "video", "quiz", "workshop")


@dataclass(frozen=True)
class DecisionTimes:
    """Processor time: of all tables in seconds, of a decision on arrays in microseconds, of a whole
    recommendation in words in milliseconds."""

    skills: int
    activities: int
    tables_s: float
    decision_us: float
    recommendation_ms: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def time_decisions(*, skills: int = 1000, per_skill: int = 10, repeats: int = 20) -> DecisionTimes:
    """Times on a course whose every activity has a rate of its own, the slowest case for tables."""
    course, bundle = _course(skills, per_skill), _bundle(skills, per_skill)
    small = _course(3, per_skill), _bundle(3, per_skill)
    _decision(plan_of(*small), np.full(3, 0.5))  # compiled before the clock runs
    started = process_time()
    plan = plan_of(course, bundle)
    tables = process_time() - started
    mastery = np.random.default_rng(2).uniform(0.05, 0.99, skills)
    return DecisionTimes(
        skills=skills,
        activities=skills * per_skill,
        tables_s=tables,
        decision_us=1e6 * _seconds(lambda: _decision(plan, mastery), 20 * repeats),
        recommendation_ms=1e3 * _seconds(_words(course, bundle, skills), repeats),
    )


def _seconds(work: Any, repeats: int) -> float:
    work()
    started = process_time()
    for _ in range(repeats):
        work()
    return (process_time() - started) / repeats


def _decision(plan: Plan, mastery: np.ndarray[Any, np.dtype[np.float64]]) -> str:
    """The best activity of the best skill, from beliefs as an array."""
    n = len(mastery)
    terms = skill_terms(mastery, np.ones(n), plan.rates, plan.tables, plan.graph, np.ones(n), GATE)
    best = int(np.argmax(terms.value + terms.pace + terms.readiness + terms.stakes))
    at = float(np.log(mastery[best] / (1.0 - mastery[best])))
    speed = float(np.exp(terms.readiness[best]))
    worth = plan.worth[f"s{best}"]
    return max(worth, key=lambda activity: read(worth[activity], at, speed))


def _words(course: Curriculum, bundle: Bundle, skills: int) -> Any:
    rng = np.random.default_rng(3)
    history = [
        Response(
            f"e{n}",
            "ana",
            (f"s{int(rng.integers(max(skills // 8, 1)))}",),
            float(rng.random() < 0.75),
            TERM + timedelta(minutes=n),
            activity="a0-0",
        )
        for n in range(ANSWERS)
    ]
    beliefs, chance = student_beliefs(history, bundle, course.traced), Chance("ana", ANSWERS)
    return lambda: recommend(
        course, beliefs, history=history, bundle=bundle, request=Request(), chance=chance
    )


def _course(skills: int, per_skill: int) -> Curriculum:
    """Layers of a twentieth of the skills, each skill after two of the layer before."""
    width = max(skills // 20, 1)
    rng = np.random.default_rng(0)
    return Curriculum.of(
        skills=[Skill(f"s{n}", f"Skill {n}", _needs(rng, n, width)) for n in range(skills)],
        items=[Item(f"i{n}", (f"s{n}",)) for n in range(skills)],
        activities=[
            Activity(
                f"a{n}-{k}",
                (f"s{n}",),
                modality=MODALITIES[k % 4],
                items=() if k % 4 == 1 else (f"i{n}",),
                assesses=k % 4 == 2,
                teacher_led=k % 4 == 3,
            )
            for n in range(skills)
            for k in range(per_skill)
        ],
    )


def _needs(rng: np.random.Generator, skill: int, width: int) -> tuple[str, ...]:
    layer = skill // width
    if layer == 0:
        return ()
    before = rng.choice(width, size=min(2, width), replace=False) + (layer - 1) * width
    return tuple(f"s{n}" for n in sorted(before))


def _bundle(skills: int, per_skill: int) -> Bundle:
    """A model that tells every activity apart."""
    rng = np.random.default_rng(1)
    estimates = {}
    for n in range(skills):
        prior, learn = rng.uniform(0.2, 0.5), rng.uniform(0.05, 0.25)
        values = SkillParameters(prior, learn, 0.0, 0.2, 0.1)
        own = {f"a{n}-{k}": float(rng.uniform(0.02, 0.3)) for k in range(per_skill)}
        estimates[f"s{n}"] = SkillEstimate(values, values, np.zeros((5, 5)), learns=own)
    return Bundle("resources", estimates, estimates["s0"], {"students": 500}, version="bench")
