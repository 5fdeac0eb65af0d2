"""Worlds where a skill is held or not, as knowledge tracing assumes, and ways to break that.

matched    knowledge tracing as it assumes: nothing else is different between students
hetero     own priors, speeds, slips and guesses, and own effects of the kinds of activity
wrongpre   hetero, with 30 % of the listed prerequisites unreal and 25 % of the real unlisted
forget     hetero, and what is held is lost again, the more so until the delayed test
transfer   hetero; practice of a skill also teaches its neighbours and refreshes what it needs
fatigue    hetero; the same skill again and again teaches less, a change of skill refreshes
"""

from __future__ import annotations

import numpy as np

from .course import KINDS, Bools, Floats, Integers, mislisted
from .world import FORGET, LEARN, OTHER, Classroom, readiness

PRIOR_SPREAD, SPEED_SPREAD, KIND_SPREAD, NOISE_SPREAD = 0.8, 0.35, 0.3, 0.4
LAPSE = (0.002, 0.008)  # by skill, P(lost at a step)
DELAY = 40  # steps without practice before the test
TRANSFER = 0.25  # of what the skill itself would learn
TIRING = 0.18  # log share of learning lost with each activity in a row on one skill
FASTEST = 0.95  # no activity is sure to teach


class Matched(Classroom):
    """Knowledge tracing, just as it assumes."""

    def _begin(self, streams: list[np.random.Generator]) -> None:
        start = np.array([stream.random(self.course.skills) for stream in streams])
        self._traits(streams)
        self.mastered: Bools = start < self._priors()
        self._start = self.mastered.mean(axis=1)

    def _traits(self, streams: list[np.random.Generator]) -> None:
        ones = np.ones((self.students, 1))
        self._speed, self._ability, self._noise = ones, 0.0 * ones, 0.0 * ones
        self._kinds = np.ones((self.students, len(KINDS)))

    def _priors(self) -> Floats:
        return shifted(np.tile(self.truth.prior, (self.students, 1)), self._ability)

    def held(self) -> Bools:
        """What is held now, [student, skill]."""
        return self.mastered

    def test(self) -> Bools:
        """What is held at the delayed test."""
        return self.mastered

    def step(self, activities: Integers) -> Floats:
        """Answers, then learns; the answer shows what was held before."""
        rows, skills = np.arange(self.students), self.course.skill_of[activities]
        correct = self.answers(self._p_correct(activities), activities)
        learnt = self.chance(LEARN) < self._rates()[rows, activities]
        self._settle(rows, skills, learnt)
        self.now += 1
        return correct

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        self.mastered[rows, skills] |= learnt

    def _p_correct(self, activities: Integers) -> Floats:
        rows, skills = np.arange(self.students), self.course.skill_of[activities]
        right = 1.0 - shifted(self.truth.slip[activities], self._noise[:, 0])
        guess = shifted(self.truth.guess[activities], self._noise[:, 0])
        return np.where(self.mastered[rows, skills], right, guess)

    def _rates(self) -> Floats:
        """P(an activity would teach its skill now), [student, activity]."""
        ready = readiness(self.mastered, self.truth.needs)[:, self.course.skill_of]
        own = self._kinds[:, self.course.kind] * self._speed
        return np.minimum(self.truth.teach * own * ready, FASTEST)

    def progress(self) -> Floats:
        """The true rate of every activity whose skill is not held."""
        return np.where(self.mastered[:, self.course.skill_of], 0.0, self._rates())

    def standing(self) -> Floats:
        """The share of the skills held at the start; ties by how likely that was."""
        return np.asarray(self._start + 1e-3 * self._ability[:, 0])


class Hetero(Matched):
    """Students differ in what they bring, how fast they learn, and from what."""

    def _traits(self, streams: list[np.random.Generator]) -> None:
        normal = np.array([stream.standard_normal(3 + len(KINDS)) for stream in streams])
        self._ability = PRIOR_SPREAD * normal[:, :1]
        self._speed = np.exp(SPEED_SPREAD * normal[:, 1:2])
        self._noise = NOISE_SPREAD * normal[:, 2:3]
        self._kinds = np.exp(KIND_SPREAD * normal[:, 3:])


class WrongPrerequisites(Hetero):
    """The curriculum names prerequisites that are none, and misses some that are."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.course, self.truth = mislisted(self._rng, self.course, self.truth)


class Forgetting(Hetero):
    """What is not practised may be lost, until the test a while after the last activity."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._lapse = self._rng.uniform(*LAPSE, self.course.skills)

    def _begin(self, streams: list[np.random.Generator]) -> None:
        shape = (self.course.skills,)
        self._losses = np.array([stream.random((151, *shape)) for stream in streams])
        super()._begin(streams)

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        lost = self._losses[:, self.now % 150] < self._lapse
        lost[rows, skills] = False  # what is practised now is not lost now
        self.mastered &= ~lost
        super()._settle(rows, skills, learnt)

    def test(self) -> Bools:
        """What is left after the delay."""
        kept = (1.0 - self._lapse) ** DELAY
        return np.asarray(self.mastered & (self._losses[:, 150] < kept))


class Transfer(Hetero):
    """Skills help each other: siblings are learnt along, and what a skill needs is refreshed."""

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        super()._settle(rows, skills, learnt)
        needs = self.truth.needs > 0
        akin = (needs.astype(int) @ needs.T.astype(int) > 0) | needs
        near = akin[skills] & (self.chance(OTHER) < TRANSFER)[:, None]
        ready = readiness(self.mastered, self.truth.needs) >= 1.0
        usual = 0.10 * self._speed
        self.mastered |= near & ready & (self.chance(FORGET)[:, None] < usual)


class Fatigue(Hetero):
    """Working on one skill without a break teaches less each time."""

    def _begin(self, streams: list[np.random.Generator]) -> None:
        self._in_a_row = np.zeros((self.students, self.course.skills))
        super()._begin(streams)

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        super()._settle(rows, skills, learnt)
        worked = np.zeros_like(self._in_a_row)
        worked[rows, skills] = 1.0
        self._in_a_row = np.where(worked > 0, self._in_a_row + 1.0, 0.0)

    def _rates(self) -> Floats:
        tired = np.exp(-TIRING * self._in_a_row)[:, self.course.skill_of]
        return np.asarray(super()._rates() * tired)


def shifted(p: Floats, logits: Floats) -> Floats:
    """Probabilities moved by so many logits.

    >>> shifted(np.array([0.5]), np.array([0.0]))
    array([0.5])
    """
    odds = p / (1.0 - p) * np.exp(logits)
    return np.asarray(odds / (1.0 + odds))
