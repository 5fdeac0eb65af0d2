"""A course as a policy sees it, and the truth about it that no policy sees.

Thirty skills in six layers, each after the first built on one to three of the layer before (about
45 edges), and eight activities a skill: two videos that ask nothing, a worked example, three
exercises, a workshop that can be had once in eight activities, and a quiz.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

LAYERS, PER_LAYER = 6, 5
KINDS = ("video", "worked example", "exercise", "workshop", "quiz")
SHELF = (0, 0, 1, 2, 2, 2, 3, 4)  # the kinds of a skill's activities
ASKS = (False, True, True, True, True)  # by kind
WORKSHOP = KINDS.index("workshop")
WORKSHOP_EVERY = 8
TEACHES = (0.08, 0.12, 0.10, 0.20, 0.04)  # by kind, P(learn) of a ready student
SKILL_SPREAD, OWN_SPREAD = 0.3, 0.5  # sd of the logs
STRONGEST = 0.6  # no activity teaches more often
GUESS, SLIP = (0.1, 0.3), (0.04, 0.14)
NEEDED = (0.5, 1.0)  # what a missing prerequisite takes from learning
PRIORS = (0.30, 0.22, 0.16, 0.11, 0.08, 0.05)  # by layer


@dataclass(frozen=True, eq=False)
class Course:
    """What is known before anybody has studied: the catalogue and the curriculum's edges.

    layer     [skill], skills in course order
    listed    [skill, skill] whether the curriculum says that the row builds on the column
    skill_of  [activity]
    kind      [activity] index into `KINDS`
    asks      [activity] whether it asks a question
    """

    layer: Integers
    listed: Bools
    skill_of: Integers
    kind: Integers
    asks: Bools

    @property
    def skills(self) -> int:
        return len(self.layer)

    @property
    def activities(self) -> int:
        return len(self.skill_of)

    @cached_property
    def on_skill(self) -> Bools:
        """Which activities work on which skill, [skill, activity]."""
        return np.asarray(self.skill_of == np.arange(self.skills)[:, None])


@dataclass(frozen=True, eq=False)
class Truth:
    """What the course is really like.

    needs   [skill, skill] what lacking the column takes from learning the row
    prior   [skill] P(held at the start)
    teach, guess, slip   [activity]
    """

    needs: Floats
    prior: Floats
    teach: Floats
    guess: Floats
    slip: Floats


def draw_course(rng: np.random.Generator) -> tuple[Course, Truth]:
    """A course and its truth, edges as listed.

    >>> course, truth = draw_course(np.random.default_rng(1))
    >>> course.skills, course.activities, int(course.listed.sum())
    (30, 240, 49)
    """
    layer = np.repeat(np.arange(LAYERS), PER_LAYER)
    listed = _edges(rng, layer)
    kind = np.tile(SHELF, len(layer))
    skill_of = np.repeat(np.arange(len(layer)), len(SHELF))
    course = Course(layer, listed, skill_of, kind, np.array(ASKS)[kind])
    return course, _truth(rng, course)


def _edges(rng: np.random.Generator, layer: Integers) -> Bools:
    listed = np.zeros((len(layer), len(layer)), dtype=bool)
    for skill in np.flatnonzero(layer > 0):
        before = np.flatnonzero(layer == layer[skill] - 1)
        count = 1 + rng.binomial(2, 0.4)
        listed[skill, rng.choice(before, size=count, replace=False)] = True
    return listed


def _truth(rng: np.random.Generator, course: Course) -> Truth:
    of_skill = rng.normal(0, SKILL_SPREAD, course.skills)[course.skill_of]
    own = rng.normal(0, OWN_SPREAD, course.activities)
    teach = np.array(TEACHES)[course.kind] * np.exp(of_skill + own)
    return Truth(
        needs=course.listed * rng.uniform(*NEEDED, course.listed.shape),
        prior=np.array(PRIORS)[course.layer],
        teach=np.minimum(teach, STRONGEST),
        guess=rng.uniform(*GUESS, course.activities),
        slip=rng.uniform(*SLIP, course.activities),
    )


def mislisted(rng: np.random.Generator, course: Course, truth: Truth) -> tuple[Course, Truth]:
    """The same with 30 % of the listed edges unreal and 25 % of the real ones unlisted."""
    needs, listed = truth.needs.copy(), course.listed.copy()
    edges = np.argwhere(listed)
    unreal = edges[rng.random(len(edges)) < 0.30]
    needs[unreal[:, 0], unreal[:, 1]] = 0.0
    real = np.argwhere(needs > 0)
    for skill, other in real[rng.random(len(real)) < 0.25]:
        listed[skill, other] = False
    renewed = Course(course.layer, listed, course.skill_of, course.kind, course.asks)
    return renewed, Truth(needs, truth.prior, truth.teach, truth.guess, truth.slip)
