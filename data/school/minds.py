"""How the simulated students learn, forget and answer. Not the way any of our models assumes.

Knowing a skill is no yes or no here, but a level in logits, the scale of item response theory.
It rises with practice, less and less the more there is; it is forgotten by a power law in real
days (Wickelgren 1974), more slowly after practice on separate days (the spacing effect); and it
rises faster where the prerequisites are known. A skill counts as *held* from `HELD_FROM` up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

HELD_FROM = 0.8  # logits: .69 of the answers right on a question of middling difficulty, no choices

ROOM = 1.6  # logits gained at which another hour of practice gives 1/e of the first
FORGETTING_POWER = 0.25  # a month after a first lesson about .7 of what was gained is left
FIRST_STABILITY = 8.0  # days after which forgetting slows down, for a skill practised on one day
SPACING = 1.3  # by how much each further day of practice stretches that
LEAST_READINESS = 0.25  # learning speed when no prerequisite is known at all
READY_AROUND, READY_STEEPNESS = -0.5, 1.5  # logits of the prerequisites at half readiness; slope


class Traits(NamedTuple):
    """What makes a student different from others, the same all term.

    `ability` in logits; `speed` and `retention` as multiples of the usual; `slip` a chance;
    `tempo` the usual seconds for an answer; `hint_habit` a chance; `attendance` a share.
    """

    ability: float
    speed: float
    retention: float
    slip: float
    tempo: float
    hint_habit: float
    attendance: float


class Memory(NamedTuple):
    """What one student has of one skill: the level at the start, and what practice added.

    `strength` is what had been gained at the moment `practised_at` (days since the term began);
    `stability` is in days.
    """

    start: float
    strength: float = 0.0
    stability: float = FIRST_STABILITY
    practised_at: float = 0.0


class Question(NamedTuple):
    """The truth about an item; `guess` is the chance of somebody who knows nothing."""

    difficulty: float
    discrimination: float
    guess: float


def proficiency(memory: Memory, day: float) -> float:
    """The level in logits on a day, after what has been forgotten since the last practice.

    >>> fresh = practised(Memory(start=-1.0), 0.0, amount=2.0)
    >>> [round(proficiency(fresh, day), 2) for day in (0, 7, 70)]
    [1.0, 0.71, 0.13]
    """
    return memory.start + _remaining(memory, day)


def practised(memory: Memory, day: float, *, amount: float) -> Memory:
    """The memory after practice worth `amount` logits to a beginner.

    >>> once = practised(Memory(0.0), 0.0, amount=1.0)
    >>> twice = practised(once, 0.0, amount=1.0)
    >>> round(once.strength, 2), round(twice.strength - once.strength, 2)
    (1.0, 0.54)
    """
    left = _remaining(memory, day)
    another_day = memory.strength > 0 and math.floor(day) > math.floor(memory.practised_at)
    return Memory(
        start=memory.start,
        strength=left + amount * math.exp(-left / ROOM),
        stability=memory.stability * (SPACING if another_day else 1.0),
        practised_at=day,
    )


def readiness(prerequisites: Sequence[float]) -> float:
    """How fast somebody learns with these levels in the prerequisites, as a share of full speed.

    >>> readiness([]), round(readiness([1.0, -2.0]), 2)
    (1.0, 0.62)
    """
    if not prerequisites:
        return 1.0
    known = [_logistic(READY_STEEPNESS * (level - READY_AROUND)) for level in prerequisites]
    return LEAST_READINESS + (1 - LEAST_READINESS) * sum(known) / len(known)


def together(levels: Sequence[float]) -> float:
    """The level on a question that needs several skills: half their mean, half the weakest.

    >>> together([1.0, -1.0])
    -0.5
    """
    return (sum(levels) / len(levels) + min(levels)) / 2


def chance_correct(question: Question, level: float, *, slip: float) -> float:
    """The probability of a right answer: four-parameter item response (Barton & Lord 1981).

    >>> round(chance_correct(Question(0.0, 1.0, 0.25), 0.0, slip=0.05), 3)
    0.6
    """
    knows = _logistic(question.discrimination * (level - question.difficulty))
    return question.guess + (1 - slip - question.guess) * knows


def _remaining(memory: Memory, day: float) -> float:
    days = max(day - memory.practised_at, 0.0)
    return memory.strength * math.pow(1 + days / memory.stability, -FORGETTING_POWER)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
