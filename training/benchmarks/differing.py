"""Students who differ in which kinds teach them, or do not: what a log tells of it, and of whom.

Students learn as knowledge tracing says, at a speed of their own; in one school each kind of
activity also suits each of them better or worse, in the other all alike. Activities of two kinds
are chosen by chance. A spread is learnt from one half of the students; the others are asked whether
their own effect shows, and whether what is said of it is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from engine.bundle import Bundle
from engine.curriculum import Activity, Curriculum, Skill
from engine.kinds import multipliers
from engine.parameters import SkillEstimate, SkillParameters
from engine.responses import Response
from models.kinds import learn_kinds

KINDS = ("video", "exercise")
PARAMETERS = SkillParameters(prior=0.15, learn=0.12, forget=0.0, guess=0.15, slip=0.08)
SPEED_SD = 0.4
ANSWERS_A_SKILL = 10
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Differing:
    """One school: sd of the true effects, answers of each student, and what was found.

    spread     learnt for the video; 0 where students were taken to learn alike
    used       share of the other students in whom a multiplier was used for some kind
    right      of those multipliers, the share that point the right way
    covered    of those, the share whose interval holds the true multiplier
    """

    true_sd: float
    answers: int
    spread: float
    used: float
    right: float | None
    covered: float | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def differing(true_sd: float, *, skills: int, students: int, seed: int = 0) -> Differing:
    """What a school of so many students, each with so many skills practised, tells of kinds."""
    rng = np.random.default_rng([seed, skills, round(100 * true_sd)])
    course, bundle = _school(skills)
    lived = [_lived(rng, true_sd, skills) for _ in range(students)]
    half = students // 2
    learnt = learn_kinds((history for history, _ in lived[:half]), bundle, course)
    priors = {kind: one.prior for kind, one in learnt.items()}
    right, covered, used = [], [], 0
    for history, effects in lived[half:]:
        found = multipliers(history, bundle, course, priors)
        used += bool(found)
        for kind, one in found.items():
            own = KINDS.index(kind)
            true = float(np.exp(effects[own] - effects[1 - own] - priors[kind].mean))
            right.append((one.factor > 1.0) == (true > 1.0))
            covered.append(one.low <= true <= one.high)
    return Differing(
        true_sd=true_sd,
        answers=skills * ANSWERS_A_SKILL,
        spread=priors["video"].spread if "video" in priors else 0.0,
        used=used / (students - half),
        right=float(np.mean(right)) if right else None,
        covered=float(np.mean(covered)) if covered else None,
    )


def _school(skills: int) -> tuple[Curriculum, Bundle]:
    names = [f"skill-{number}" for number in range(skills)]
    course = Curriculum.of(
        skills=[Skill(name) for name in names],
        activities=[
            Activity(f"{name}-{kind}", (name,), modality=kind) for name in names for kind in KINDS
        ],
    )
    estimate = SkillEstimate(PARAMETERS, SkillParameters(*[0.01] * 5), np.zeros((5, 5)))
    return course, Bundle("classic", dict.fromkeys(names, estimate), estimate)


def _lived(
    rng: np.random.Generator, true_sd: float, skills: int
) -> tuple[list[Response], Sequence[float]]:
    """A student's answers, and the log of what each kind multiplies their rate by."""
    effects, speed = rng.normal(0.0, true_sd, len(KINDS)), rng.normal(0.0, SPEED_SD)
    prior, learn, _, guess, slip = PARAMETERS
    history: list[Response] = []
    for number in range(skills):
        held = rng.random() < prior
        for _ in range(ANSWERS_A_SKILL):
            kind = int(rng.integers(len(KINDS)))
            right = rng.random() < (1.0 - slip if held else guess)
            at = START + timedelta(minutes=len(history))
            name = f"skill-{number}"
            history.append(
                Response(
                    f"e{len(history):05}",
                    "student",
                    (name,),
                    float(right),
                    at,
                    activity=f"{name}-{KINDS[kind]}",
                )
            )
            held = held or rng.random() < min(0.95, learn * np.exp(speed + effects[kind]))
    return history, effects.tolist()
