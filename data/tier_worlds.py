"""Two worlds to judge tiers in: one that is BKT itself, and one where knowledge is continuous.

One objective with four prerequisite and four target skills. Whoever plays in these worlds asks
every student one question after the other, and may look at the truth. In the first world mastery
is the two-state process that BKT assumes. In the second a skill is a level in logits, tied to an
ability that all skills share, that rises a little with every answer; it counts as held from the
level at which three of four fresh questions would be answered right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

PREREQUISITES = 4
TARGETS = 4
SKILLS = PREREQUISITES + TARGETS
IS_TARGET = np.arange(SKILLS) >= PREREQUISITES

HELD_FROM = 0.75  # share of fresh questions that somebody who holds a skill gets right, at least
STEEPNESS = 1.4  # discrimination of the questions
SHARED, OWN = 0.8, 0.6  # sd of what all skills of a student share, and of what each has for itself
ITEM_SPREAD = 0.6  # sd of the difficulty of the questions
NODES = 9  # of the integral over the difficulty of questions
GAIN, GAIN_SPREAD = 0.14, 0.4  # logits an answer teaches; sd of the log between students
ROOM = 1.6  # logits gained at which another answer teaches 1/e of the first


class World(NamedTuple):
    """A year group that can be asked questions.

    answer   asks every student about a skill each, [student]; whether they are right. They learn.
    held     whether each skill is held now, [student, skill]
    truth    the parameters of its skills by name, [skill]: for whoever judges, not for models
    """

    students: int
    answer: Callable[[Integers], Flags]
    held: Callable[[], Flags]
    truth: Mapping[str, Floats]


def matched(seed: int, students: int) -> World:
    """Students as BKT says they are, every skill with parameters of its own.

    >>> world = matched(1, students=2)
    >>> world.answer(np.array([0, 7])).shape, world.held().shape
    ((2,), (2, 8))
    """
    rng = np.random.default_rng([seed, 1])
    prior = np.where(IS_TARGET, rng.uniform(0.1, 0.3, SKILLS), rng.uniform(0.3, 0.6, SKILLS))
    learn = rng.uniform(0.05, 0.2, SKILLS)
    guess, slip = rng.uniform(0.1, 0.3, SKILLS), rng.uniform(0.05, 0.15, SKILLS)
    held, rows = rng.random((students, SKILLS)) < prior, np.arange(students)

    def answer(asked: Integers) -> Flags:
        right = np.where(held[rows, asked], 1.0 - slip[asked], guess[asked])
        correct = rng.random(students) < right
        held[rows, asked] |= rng.random(students) < learn[asked]
        return correct

    truth = {"prior": prior, "learn": learn, "guess": guess, "slip": slip}
    return World(students, answer, held.copy, truth)


def continuous(seed: int, students: int) -> World:
    """Students whose skills are levels, not states, and go together.

    >>> continuous(1, students=2).held().shape
    (2, 8)
    """
    rng = np.random.default_rng([seed, 2])
    centre = np.where(IS_TARGET, -0.6, 0.4) + rng.normal(0.0, 0.3, SKILLS)
    guess, slip = rng.uniform(0.1, 0.25, SKILLS), rng.uniform(0.03, 0.1, SKILLS)
    start = centre + rng.normal(0.0, SHARED, (students, 1))
    start = start + rng.normal(0.0, OWN, (students, SKILLS))
    speed = GAIN * np.exp(rng.normal(0.0, GAIN_SPREAD, students))
    gained, rows = np.zeros((students, SKILLS)), np.arange(students)

    def answer(asked: Integers) -> Flags:
        hard = rng.normal(0.0, ITEM_SPREAD, students)
        level = (start + gained)[rows, asked]
        knows = 1.0 / (1.0 + np.exp(-STEEPNESS * (level - hard)))
        chance = guess[asked] + (1.0 - guess[asked] - slip[asked]) * knows
        correct = np.asarray(rng.random(students) < chance)
        gained[rows, asked] += speed * np.exp(-gained[rows, asked] / ROOM)
        return correct

    def held() -> Flags:
        return np.asarray(rate(start + gained, guess, slip) >= HELD_FROM)

    return World(students, answer, held, {"centre": centre, "guess": guess, "slip": slip})


WORLDS: Mapping[str, Callable[[int, int], World]] = {"BKT": matched, "continuous": continuous}


def rate(level: Floats, guess: Floats, slip: Floats) -> Floats:
    """The share of fresh questions answered right at each level, over their spread of difficulty.

    >>> rate(np.array([0.0, 9.0]), np.array(0.2), np.array(0.1)).round(2)
    array([0.55, 0.9 ])
    """
    hard, weight = np.polynomial.hermite_e.hermegauss(NODES)
    away = level[..., None] - ITEM_SPREAD * hard
    knows = (1.0 / (1.0 + np.exp(-STEEPNESS * away))) @ (weight / weight.sum())
    return np.asarray(guess + (1.0 - guess - slip) * knows)
