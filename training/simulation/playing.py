"""A class's course under a policy, and what became of its students."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.worlds import STEPS, World
from data.worlds.course import Bools, Floats, Integers
from models.following import Follower, Spread
from models.teaching import Log

from .fitted import Fitted
from .situations import DRAWS, Policy, Situation

DECLARED = 0.95


class Outcome(NamedTuple):
    """What became of each student under a policy, [student].

    held           skills held at the delayed test
    over_practice  activities on a skill that was held already
    declared       skills that knowledge tracing calls mastered in the end (.95)
    wrongly        those of them that were not held at the test
    """

    held: Floats
    over_practice: Floats
    declared: Floats
    wrongly: Floats


def play(world: World, policy: Policy, fitted: Fitted, *, students: int, seed: int) -> Outcome:
    """A class's course under a policy, step by step."""
    world.reset(students, seed)
    streams = [np.random.default_rng([seed, student, 2]) for student in range(students)]
    draws = np.stack([stream.random((STEPS, DRAWS)) for stream in streams])
    follower = Follower(fitted.tracing, world.course.skill_of, students=students, spread=Spread())
    last, correct = np.full(students, -1), np.full(students, np.nan)
    over = np.zeros(students)
    rows = np.arange(students)
    for step in range(STEPS):
        situation = Situation(
            step=step,
            candidates=world.candidates(),
            mastery=follower.standing().mastery,
            last=last,
            correct=correct,
            draws=draws[:, step],
            course=world.course,
            fitted=fitted,
            world=world,
        )
        last = np.asarray(policy(situation), dtype=np.int64)
        over += world.held()[rows, world.course.skill_of[last]]
        correct = world.step(last)
        follower.observe(last, correct)
    return _outcome(world.test(), follower.standing().mastery, over)


def _outcome(held: Bools, mastery: Floats, over: Floats) -> Outcome:
    declared = mastery >= DECLARED
    return Outcome(
        held.sum(axis=1).astype(float),
        over,
        declared.sum(axis=1).astype(float),
        (declared & ~held).sum(axis=1).astype(float),
    )


class Recorded:
    """A world that keeps the log of what is done in it."""

    def __init__(self, world: World) -> None:
        self._world, self.course = world, world.course
        self._activities: list[Integers] = []
        self._correct: list[Floats] = []

    def reset(self, students: int, seed: int) -> None:
        self._world.reset(students, seed)

    def candidates(self) -> Bools:
        return self._world.candidates()

    def step(self, activities: Integers) -> Floats:
        """One activity for each student, written down with the answer."""
        correct = self._world.step(activities)
        self._activities.append(activities)
        self._correct.append(correct)
        return correct

    def held(self) -> Bools:
        return self._world.held()

    def test(self) -> Bools:
        return self._world.test()

    def progress(self) -> Floats:
        return self._world.progress()

    def standing(self) -> Floats:
        return self._world.standing()

    def log(self) -> Log:
        """Who did what, and the answers."""
        return Log(np.array(self._activities).T, np.array(self._correct).T)
