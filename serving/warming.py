"""Compiled kernels, loaded before the first request instead of during it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from engine.beliefs import student_beliefs
from engine.bundle import Bundle, versioned
from engine.chance import Chance
from engine.curriculum import Activity, Curriculum, Objective, Skill
from engine.mixed import mixed_groups
from engine.parameters import SkillEstimate, SkillParameters
from engine.policy import recommend
from engine.requests import Request
from engine.responses import Response
from engine.tiers import need_groups
from engine.trails import evidence_trail


def warm_up() -> None:
    """Takes one student's answer through every decision, so that nothing is compiled later.

    >>> warm_up()
    """
    skill = "warm-up"
    curriculum = Curriculum.of(
        skills=[Skill(skill)],
        objectives=[Objective(skill, skills=(skill,))],
        activities=[Activity(skill, skills=(skill,))],
    )
    answers = [Response("1", skill, (skill,), 1.0, datetime(2026, 1, 1, tzinfo=UTC))]
    bundle = _stand_in()
    beliefs = student_beliefs(answers, bundle, [skill])
    evidence_trail(answers, bundle, skill)
    need_groups(curriculum, skill, {skill: beliefs})
    mixed_groups(curriculum, skill, dict.fromkeys("ab", beliefs), groups=2)
    recommend(
        curriculum,
        beliefs,
        history=answers,
        bundle=bundle,
        request=Request(),
        chance=Chance(skill, 1),
    )


def _stand_in() -> Bundle:
    """A model with one parameter set for everything; it never answers anybody.

    It says that it rests on many students and tells activities apart, so that the index rule,
    which has kernels, decides.
    """
    parameters = SkillParameters(0.3, 0.1, 0.0, 0.2, 0.1)
    estimate = SkillEstimate(parameters, parameters, np.zeros((5, 5)), learns={"warm-up": 0.2})
    return versioned(Bundle("stand-in", {}, estimate, {"students": 1000}))


if __name__ == "__main__":  # when an image is built
    warm_up()
