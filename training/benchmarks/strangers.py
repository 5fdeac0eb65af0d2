"""Schools that do not follow the hierarchical model's story, their true beliefs known all the same.

Two kinds of students in place of one bell curve, an ability that differs from skill to skill,
learning speeds that differ beside ability, items of three sorts, skills practised in blocks, rates
spread evenly instead of normally, and nothing that earlier answers add. Given its own rates every
student and skill is still a two-state chain, so that P(mastered) is what the filter says of it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.ability import Rates, follow
from engine.tables import Floats, Integers
from engine.touches import alone

KINDS, WITHIN, BY_SKILL = (-0.7, 0.7), 0.6, 0.5
"""Means of the two kinds of students, how they differ within and from skill to skill, logits."""
SPEED = 0.3  # how learning differs from student to student beside ability
EASE = (-0.8, 0.0, 0.8)  # of the three sorts of items
PULL = np.array([1.0, 0.5, 0.0, 0.3, 0.0])  # of ability on prior, learn, forget, guess, known
LOWEST = np.array([0.2, 0.05, 0.015, 0.1, 0.9])
HIGHEST = np.array([0.6, 0.3, 0.06, 0.3, 0.98])
"""Between which rates of skills lie; the last is P(right | mastered)."""
FORGET, NEVER = 2, 1e-6


class Strangers(NamedTuple):
    """Responses, and P(mastered | true rates, answers so far) after each."""

    events: pd.DataFrame
    mastered: Floats


def strangers(
    *, students: int, skills: int, items: int, responses: int, seed: int, forget: bool = True
) -> Strangers:
    """A school of such students, who may `forget` or never do.

    >>> found = strangers(students=3, skills=2, items=2, responses=6, seed=0)
    >>> found.events.shape, bool(((found.mastered > 0) & (found.mastered < 1)).all())
    ((18, 4), True)
    """
    chance = np.random.default_rng((seed, 23))
    student = np.repeat(np.arange(students), responses)
    skill = _in_blocks(students, skills, responses, chance)
    item = chance.integers(0, items, len(skill))
    logits = _logits(students, skills, chance, forget=forget)[student, skill]
    ease = chance.choice(EASE, (skills, items))[skill, item]
    logits[:, 3:] += ease[:, None]
    starts = np.arange(0, len(skill) + 1, responses)
    correct = _answered(starts, skill, 1.0 / (1.0 + np.exp(-logits)), chance)
    prior, learn, forgetting, guess, right = logits.T.copy()
    rates = Rates(prior, learn, forgetting, guess, right, np.zeros((skills, 5)))
    known = follow(alone(starts, skill), correct, rates, nodes=1)
    events = pd.DataFrame(
        {
            "student": [f"s{n:04d}" for n in student],
            "skill": [f"k{n}" for n in skill],
            "item": [f"k{n} {i}" for n, i in zip(skill, item, strict=True)],
            "correct": correct.astype(np.int64),
        }
    )
    return Strangers(events, known.p_mastery)


def _in_blocks(students: int, skills: int, responses: int, chance: np.random.Generator) -> Integers:
    """Each student's skills, one after the other in an order of the student's own."""
    block = np.arange(responses) * skills // responses
    return np.concatenate([chance.permutation(skills)[block] for _ in range(students)])


def _logits(students: int, skills: int, chance: np.random.Generator, *, forget: bool) -> Floats:
    """Prior, learn, forget, guess and known by student and skill, [student, skill, 5]."""
    general = chance.choice(KINDS, students) + WITHIN * chance.standard_normal(students)
    ability = general[:, None] + BY_SKILL * chance.standard_normal((students, skills))
    rates = LOWEST + (HIGHEST - LOWEST) * chance.random((skills, 5))
    if not forget:
        rates[:, FORGET] = NEVER
    found = np.log(rates / (1.0 - rates)) + ability[:, :, None] * PULL
    found[:, :, 1] += SPEED * chance.standard_normal((students, 1))
    return np.asarray(found)


def _answered(
    starts: Integers, skill: Integers, rates: Floats, chance: np.random.Generator
) -> Floats:
    """Hidden states and answers, one response after the other, [event]."""
    found = np.zeros(len(skill))
    for first, stop in pairwise(starts.tolist()):
        mastered: dict[int, bool] = {}
        for event in range(first, stop):
            one, (prior, learn, forget, guess, known) = int(skill[event]), rates[event].tolist()
            if one in mastered:
                prior = 1.0 - forget if mastered[one] else learn
            mastered[one] = bool(chance.random() < prior)
            found[event] = chance.random() < (known if mastered[one] else guess)
    return found
