"""A tiny course, a bundle for it, and what students answered, for the tests of decisions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.chance import Chance
from engine.curriculum import Activity, Curriculum, Item, Objective, Skill
from engine.parameters import SkillEstimate, SkillParameters
from engine.policy import recommend
from engine.requests import Request
from engine.responses import Response
from engine.situation import situate

TERM = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PARAMETERS = SkillParameters(prior=0.3, learn=0.15, forget=0.02, guess=0.2, slip=0.1)
PREREQUISITES = {
    "fraction": (),
    "ratio": ("fraction",),
    "percent": ("fraction",),
    "slope": ("ratio",),
    "rate": ("ratio", "percent"),
}


def activities(skill):
    ask = tuple(f"{skill}-{n}" for n in (1, 2))
    return [
        Activity(f"{skill}-video", (skill,), modality="video", level="on-level", minutes=6),
        Activity(f"{skill}-steps", (skill,), level="support", minutes=10, items=ask),
        Activity(f"{skill}-practice", (skill,), level="on-level", minutes=12, items=ask),
        Activity(f"{skill}-challenge", (skill,), level="advanced", minutes=15, items=ask),
        Activity(f"{skill}-quiz", (skill,), modality="quiz", minutes=8, assesses=True, items=ask),
        Activity(f"{skill}-workshop", (skill,), modality="workshop", minutes=25, teacher_led=True),
    ]


@pytest.fixture(scope="session")
def course():
    return Curriculum.of(
        skills=[Skill(key, prerequisites=before) for key, before in PREREQUISITES.items()],
        objectives=[
            Objective("rates", skills=("rate", "slope")),
            Objective("basics", skills=("fraction",)),
            Objective("empty"),
        ],
        items=[Item(f"{skill}-{n}", (skill,)) for skill in PREREQUISITES for n in (1, 2)],
        activities=[activity for skill in PREREQUISITES for activity in activities(skill)],
    )


@pytest.fixture(scope="session")
def estimate():
    return SkillEstimate(PARAMETERS, SkillParameters(*[0.01] * 5), np.zeros((5, 5)))


@pytest.fixture(scope="session")
def bundle(course, estimate):
    return Bundle("classic", dict.fromkeys(course.skills, estimate), estimate, version="v1")


@pytest.fixture(scope="session")
def trusted(bundle):
    """The same model, resting on enough students for the index rule."""
    return replace(bundle, facts={"students": 1000})


@pytest.fixture(scope="session")
def answered():
    """Responses of one student: answered({"ratio": "110"}), 1 right, 0 wrong, oldest first."""

    def answered(answers, *, activity=None):
        marks = [(skill, mark) for skill, given in answers.items() for mark in given]
        return [
            Response(
                id=f"e{n:03}",
                student="ana",
                skills=tuple(skill.split("~~")),
                correct=float(mark),
                occurred_at=TERM + timedelta(minutes=n),
                activity=activity or f"{skill}-practice",
            )
            for n, (skill, mark) in enumerate(marks)
        ]

    return answered


@pytest.fixture(scope="session")
def believed(course, bundle, answered):
    """Beliefs about a student who answered so."""

    def believed(answers):
        return student_beliefs(answered(answers), bundle, course.skills)

    return believed


@pytest.fixture(scope="session")
def situation(course, bundle, answered):
    """The situation of a student who answered so and asks for so much."""

    def situation(answers, *, curriculum=course, activity=None, bundle=bundle, **request):
        history = answered(answers, activity=activity)
        beliefs = student_beliefs(history, bundle, curriculum.skills)
        asked = Request(**request)
        return situate(curriculum, beliefs, history=history, bundle=bundle, request=asked)

    return situation


@pytest.fixture(scope="session")
def decide(course, bundle, answered):
    """The recommendation for a student who answered so and asks for so much."""

    def decide(answers, *, curriculum=course, activity=None, decision=0, bundle=bundle, **request):
        history = answered(answers, activity=activity)
        return recommend(
            curriculum,
            student_beliefs(history, bundle, curriculum.skills),
            history=history,
            bundle=bundle,
            request=Request(**request),
            chance=Chance("ana", decision),
        )

    return decide
