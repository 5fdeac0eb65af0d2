"""The rules that others use, each at a grid of settings; a table shows each at its best.

random       any activity
fixed        the course in order, so many activities a skill
threshold    mastery learning: the first skill below the bar, a random activity of it
             (`bkt`) or the best one (`best`)
fringe       the outer fringe (Falmagne & Doignon): below the bar, all prerequisites above it
alosi        Rosen et al. 2018: readiness, demand, continuity and difficulty, weighted
lowest       OATutor (Pardos et al. 2023): the skill of the lowest mastery below the bar
zpdes        Clement et al. 2015: a bandit on learning progress inside the zone that is open
gain         the largest expected gain, one or two activities ahead
thompson     Thompson sampling of what is held, then the first open skill that is not
oracle       knows the truth
"""

from __future__ import annotations

import numpy as np

from data.worlds.course import Bools, Floats, Integers

from .situations import Situation, best_of

GATE_PENALTY = 1e-3  # a skill that waits for a prerequisite comes after all that do not
SELDOM = 1e-6  # a second time in a row only where nothing else is left


class Random:
    """Any activity."""

    def __call__(self, situation: Situation) -> Integers:
        return best_of(noise(situation), situation.candidates)


class FixedCourse:
    """The course in order, `each` activities a skill, from the start again at its end."""

    def __init__(self, each: int) -> None:
        self._each = each

    def __call__(self, situation: Situation) -> Integers:
        skill = np.full(situation.students, situation.step // self._each % situation.course.skills)
        return within(situation, skill, noise(situation))


class Threshold:
    """The first skill of the course below the bar; a random activity of it, or the best."""

    def __init__(self, bar: float, *, best: bool) -> None:
        self._bar, self._best = bar, best

    def __call__(self, situation: Situation) -> Integers:
        skill = np.argmax(situation.mastery < self._bar, axis=1)
        return within(situation, skill, taught(situation) if self._best else noise(situation))


class Fringe:
    """The first skill below the bar whose prerequisites are above it, and its best activity."""

    def __init__(self, bar: float) -> None:
        self._bar = bar

    def __call__(self, situation: Situation) -> Integers:
        skill = np.argmax(openness(situation, self._bar), axis=1)
        return within(situation, skill, taught(situation))


class LowestFirst:
    """The skill of the lowest mastery among those below the bar, or (`open_only`) among those of
    them that are open; a random activity of it."""

    def __init__(self, bar: float, *, open_only: bool) -> None:
        self._bar, self._open_only = bar, open_only

    def __call__(self, situation: Situation) -> Integers:
        wanted = (situation.mastery < self._bar).astype(float)
        if self._open_only:
            wanted = openness(situation, self._bar)
        skill = np.argmax(wanted * (2.0 - situation.mastery), axis=1)
        return within(situation, skill, noise(situation))


class ExpectedGain:
    """The largest expected rise of mastery, after one activity or two of the same."""

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead

    def __call__(self, situation: Situation) -> Integers:
        skill_of, teach = situation.course.skill_of, situation.fitted.tracing.ladder.teach
        missing = 1.0 - situation.mastery
        ready = np.exp(missing @ np.log1p(-situation.fitted.tracing.needs).T)[:, skill_of]
        left = (1.0 - np.minimum(teach * ready, 0.95)) ** self._ahead
        return best_of(missing[:, skill_of] * (1.0 - left), situation.candidates)


class Thompson:
    """What is held is drawn from the beliefs; then the first open skill that is not held."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(5)

    def __call__(self, situation: Situation) -> Integers:
        held = self._rng.random(situation.mastery.shape) < situation.mastery
        missing = (~held).astype(float)
        waits = missing @ situation.course.listed.T.astype(float) > 0
        skill = np.argmax(missing - (1.0 - GATE_PENALTY) * (missing * waits), axis=1)
        return within(situation, skill, taught(situation))


class Alosi:
    """A weighted sum of readiness, demand, continuity and fit of difficulty, in log-odds."""

    def __init__(self, readiness: float, demand: float, continuity: float, difficulty: float):
        self._weights = (readiness, demand, continuity, difficulty)
        self._wanted = np.log(0.9 / 0.1)

    def __call__(self, situation: Situation) -> Integers:
        course = situation.course
        p = np.clip(situation.mastery, 1e-3, 1.0 - 1e-3)
        level = np.log(p / (1.0 - p))
        short = np.maximum(self._wanted - level, 0.0)
        unready = short @ course.listed.T.astype(float)
        last = np.where(situation.last >= 0, course.skill_of[situation.last], -1)
        same = last[:, None] == np.arange(course.skills)
        model = situation.fitted.tracing.ladder
        hard = np.log(model.slip / (1.0 - model.slip)) - np.log(model.guess / (1.0 - model.guess))
        misfit = np.abs(level[:, course.skill_of] - hard)
        ready, demand, continuity, difficulty = self._weights
        of_skill = demand * short - ready * unready + continuity * same
        return best_of(of_skill[:, course.skill_of] - difficulty * misfit, situation.candidates)


class Zpdes:
    """A bandit on learning progress: skills open by success, activities gain by rising success."""

    def __init__(self, opens: float, explore: float) -> None:
        self._opens, self._explore = opens, explore
        self._recent = self._before = self._worth = np.zeros((0, 0))

    def __call__(self, situation: Situation) -> Integers:
        if situation.step == 0:
            shape = (situation.students, situation.course.skills)
            self._recent, self._before = np.zeros(shape), np.zeros(shape)
            self._worth = np.full((situation.students, situation.course.activities), 0.1)
        else:
            self._learn(situation)
        done = self._recent >= self._opens
        waits = (~done).astype(float) @ situation.course.listed.T.astype(float) > 0
        zone = (~done & ~waits)[:, situation.course.skill_of] & situation.candidates
        zone = np.where(zone.any(axis=1, keepdims=True), zone, situation.candidates)
        worth = np.where(zone, self._worth, 0.0)
        share = worth / worth.sum(axis=1, keepdims=True)
        share = (1.0 - self._explore) * share + self._explore * zone / zone.sum(1, keepdims=True)
        return np.asarray(
            np.argmax(np.cumsum(share, axis=1) > 0.999999 * situation.draws[:, :1], axis=1)
        )

    def _learn(self, situation: Situation) -> None:
        """Recent success against success before, on what was asked last."""
        asked = ~np.isnan(situation.correct)
        rows = np.flatnonzero(asked)
        activity = situation.last[rows]
        skill, right = situation.course.skill_of[activity], situation.correct[rows]
        progress = np.maximum(right - self._before[rows, skill], 0.0)
        self._recent[rows, skill] += 0.35 * (right - self._recent[rows, skill])
        self._before[rows, skill] += 0.15 * (right - self._before[rows, skill])
        worth = self._worth[rows, activity]
        self._worth[rows, activity] = np.maximum(0.7 * worth + 0.3 * progress, 0.02)


class Oracle:
    """Knows who holds what and what would teach it; opens what most others wait for first."""

    def __init__(self, opening: float) -> None:
        self._opening = opening

    def __call__(self, situation: Situation) -> Integers:
        world = situation.world
        waiting = (~world.held()).astype(float) @ situation.course.listed.astype(float)
        worth = 1.0 + self._opening * waiting[:, situation.course.skill_of]
        return best_of(world.progress() * worth, situation.candidates)


def openness(situation: Situation, bar: float) -> Floats:
    """1 for a skill below the bar, next to nothing where it waits for a prerequisite below it."""
    below = situation.mastery < bar
    waits = below.astype(float) @ situation.course.listed.T.astype(float) > 0
    return np.asarray(below * np.where(waits, GATE_PENALTY, 1.0))


def within(situation: Situation, skill: Integers, scores: Floats) -> Integers:
    """The activity of each student's skill with the highest score, not the last one again."""
    rows = np.flatnonzero(situation.last >= 0)
    scores = scores.copy()
    scores[rows, situation.last[rows]] *= SELDOM
    can: Bools = situation.candidates & situation.course.on_skill[skill]
    return best_of(scores, can)


def taught(situation: Situation) -> Floats:
    """How often each activity teaches, as the pilot's log has it, [student, activity]."""
    return np.tile(situation.fitted.tracing.ladder.teach, (situation.students, 1))


def noise(situation: Situation) -> Floats:
    """Uniform numbers, [student, activity]: by student and step, the same for every policy."""
    keys = (situation.draws[:, 2:3] * 2**52).astype(np.uint64)
    mixed = keys * np.uint64(6364136223846793005) + np.arange(
        situation.course.activities, dtype=np.uint64
    ) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2**53)
