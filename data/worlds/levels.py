"""Worlds where knowing a skill is not a yes or no.

cont     a level in logits that rises with practice, less the higher it is
stages   three stages: unknown, half understood, held; half understood looks right half the time
"""

from __future__ import annotations

import numpy as np

from .course import Bools, Floats, Integers
from .mastery import Hetero, shifted

START, START_SPREAD, LAYER_DROP = -0.6, 0.7, 0.25  # logits
HELD_FROM = 1.2
STEEPNESS = 1.7
STEP = 8.0  # logits that an activity of rate 1 gives a beginner
ROOM = 2.2  # logits above the lowest level at which it gives 1/e of that
LOWEST = -2.0
EASY, HARD = -0.5, 0.5  # logits, how hard the questions of an activity are
READY_FROM, READY_STEEPNESS = 0.4, 2.0
HALF = 0.45  # how far the half understood is on the way from guessing to knowing


class Continuous(Hetero):
    """A level for every skill, in logits; nothing happens at once."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._difficulty = self._rng.uniform(EASY, HARD, self.course.activities)

    def _begin(self, streams: list[np.random.Generator]) -> None:
        own = np.array([stream.standard_normal(self.course.skills) for stream in streams])
        self._traits(streams)
        usual = START - LAYER_DROP * self.course.layer
        self.level = usual + START_SPREAD * own + 0.6 * self._ability
        self._start = self.level.mean(axis=1)

    def held(self) -> Bools:
        """Levels above the bar."""
        return np.asarray(self.level >= HELD_FROM)

    def test(self) -> Bools:
        """Nothing is forgotten here."""
        return self.held()

    def step(self, activities: Integers) -> Floats:
        """Answers, then rises a little."""
        rows, skills = np.arange(self.students), self.course.skill_of[activities]
        correct = self.answers(self._p_correct(activities), activities)
        self.level[rows, skills] += self._rises()[rows, activities]
        self.now += 1
        return correct

    def _p_correct(self, activities: Integers) -> Floats:
        rows, skills = np.arange(self.students), self.course.skill_of[activities]
        above = self.level[rows, skills] - self._difficulty[activities]
        knows = 1.0 / (1.0 + np.exp(-STEEPNESS * above))
        guess = shifted(self.truth.guess[activities], self._noise[:, 0])
        slip = shifted(self.truth.slip[activities], self._noise[:, 0])
        return np.asarray(guess + (1.0 - guess - slip) * knows)

    def _rises(self) -> Floats:
        near = 1.0 / (1.0 + np.exp(-READY_STEEPNESS * (self.level - READY_FROM)))
        missing = 1.0 - near
        ready = np.exp(missing @ np.log(np.maximum(1.0 - self.truth.needs, 1e-9)).T)
        own = self._kinds[:, self.course.kind] * self._speed
        room = np.exp(-np.maximum(self.level - LOWEST, 0.0) / ROOM)
        return np.asarray(STEP * self.truth.teach * own * (ready * room)[:, self.course.skill_of])

    def progress(self) -> Floats:
        """The share of the way to the bar that an activity goes."""
        left = np.maximum(HELD_FROM - self.level, 1e-9)
        share = np.minimum(self._rises() / left[:, self.course.skill_of], 1.0)
        return np.where(self.held()[:, self.course.skill_of], 0.0, share)


class Stages(Hetero):
    """Unknown, half understood, held: each step is learnt by itself, the two twice as fast."""

    def _begin(self, streams: list[np.random.Generator]) -> None:
        super()._begin(streams)
        half = np.array([stream.random(self.course.skills) for stream in streams])
        self.half: Bools = (half < 0.2) & ~self.mastered

    def _p_correct(self, activities: Integers) -> Floats:
        rows, skills = np.arange(self.students), self.course.skill_of[activities]
        guess = shifted(self.truth.guess[activities], self._noise[:, 0])
        right = 1.0 - shifted(self.truth.slip[activities], self._noise[:, 0])
        knows = np.where(self.half[rows, skills], HALF, self.mastered[rows, skills])
        return np.asarray(guess + (right - guess) * knows)

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        was_half = self.half[rows, skills]
        self.half[rows, skills] = np.where(was_half, ~learnt, learnt & ~self.mastered[rows, skills])
        self.mastered[rows, skills] |= learnt & was_half

    def _rates(self) -> Floats:
        return np.minimum(1.8 * super()._rates(), 0.95)

    def progress(self) -> Floats:
        """One stage to go counts twice as much as two."""
        rates = super().progress()
        return np.where(self.half[:, self.course.skill_of], rates, rates / 2.0)
