"""Placement: which question tells most about where a student stands, over the prerequisite graph.

Knowledge is a set of skills, and a skill is rarely held without what it builds on (Falmagne &
Doignon 2011). So one answer tells about many skills: all sets of skills are weighed by what was
answered, exactly where there are few skills, and by a sample of sets where there are many. The next
question is the one after which most skills should be classified right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .planning import Graph
from .tables import Floats

Bools = NDArray[np.bool_]

EXACT = 13
"""Skills up to which every set of them is weighed: 8,192 sets."""
SAMPLE = 8_192
LUCKY = 0.05
"""P(held) of a skill whose prerequisites are not all held."""
SURE = 0.90
"""A skill counts as placed from here on, held or not."""
LEAST_GAIN = 0.02
"""Skills: a question that should classify fewer right than that is not worth asking."""
MOST_QUESTIONS = 12


class Noise(NamedTuple):
    """P(right) of a question on a skill that is not held, and P(wrong) on one that is."""

    guess: float = 0.2
    slip: float = 0.1


@dataclass(frozen=True, eq=False)
class Placement:
    """What is believed of a student: sets of skills [set, skill], each with its probability."""

    sets: Bools
    weights: Floats
    asked: tuple[int, ...] = ()

    @property
    def held(self) -> Floats:
        """P(held) of every skill."""
        return np.asarray(self.weights @ self.sets)

    @property
    def right(self) -> float:
        """How many skills are classified right on the average, each by what is likelier."""
        held = self.held
        return float(np.maximum(held, 1.0 - held).sum())


class Range(NamedTuple):
    """Where a student stands: skills known to be held, known not to be, and those between."""

    held: tuple[int, ...]
    missing: tuple[int, ...]
    between: tuple[int, ...]


def begin(graph: Graph, ready: Floats, *, seed: int = 0) -> Placement:
    """What is believed before the first answer.

    `ready` is P(held) of each skill where all it builds on is held; without, it is `LUCKY`.

    >>> chain = Graph.of([[], [(0, 0.6)]])
    >>> begin(chain, np.array([0.5, 0.5])).held
    array([0.5  , 0.275])
    """
    skills = len(ready)
    if skills <= EXACT:
        sets = (np.arange(2**skills)[:, None] >> np.arange(skills) & 1).astype(bool)
        chances = _chances(sets, graph, ready)
        return Placement(sets, np.prod(np.where(sets, chances, 1.0 - chances), axis=1))
    sets = _sampled(graph, ready, _even(SAMPLE, skills, seed))
    return Placement(sets, np.full(SAMPLE, 1.0 / SAMPLE))


def answered(placement: Placement, skill: int, *, correct: bool, noise: Noise) -> Placement:
    """What is believed after an answer to a question on the skill.

    >>> unsure = begin(Graph.of([[], [(0, 0.6)]]), np.array([0.5, 0.5]))
    >>> answered(unsure, 1, correct=True, noise=Noise()).held.round(2)  # the first skill gains too
    array([0.7 , 0.63])
    """
    likely = _likely(placement.sets[:, skill], correct, noise)
    weights = placement.weights * likely
    return Placement(placement.sets, weights / weights.sum(), (*placement.asked, skill))


def gains(placement: Placement, noise: Sequence[Noise]) -> Floats:
    """How many more skills one question on each skill should let us classify right, [skill].

    >>> unsure = begin(Graph.of([[], [(0, 0.6)]]), np.array([0.5, 0.5]))
    >>> gains(unsure, [Noise()] * 2).round(2)
    array([0.35, 0.26])
    """
    sets = placement.sets.astype(np.float64)
    guess = np.array([one.guess for one in noise])
    slip = np.array([one.slip for one in noise])
    weighted = placement.weights[:, None] * sets
    both = sets.T @ weighted  # P(two skills held)
    held = np.diagonal(both)
    found = np.zeros(len(noise))
    for knows, guesses in ((1.0 - slip, guess), (slip, 1.0 - guess)):
        chance = held * knows + (1.0 - held) * guesses
        # [asked, other] P(answer and the other is held)
        joint = both * knows[:, None] + (held[None, :] - both) * guesses[:, None]
        found += np.maximum(joint, chance[:, None] - joint).sum(axis=1)
    return np.asarray(found - placement.right)


def next_question(placement: Placement, noise: Sequence[Noise]) -> int | None:
    """The skill to ask about next; None where nothing is worth another question.

    Placement ends when every skill is placed, no question promises to tell enough, or
    `MOST_QUESTIONS` have been asked.
    """
    if len(placement.asked) >= MOST_QUESTIONS or not placement_range(placement).between:
        return None
    promised = gains(placement, noise)
    best = int(np.argmax(promised))
    return best if promised[best] >= LEAST_GAIN else None


def placement_range(placement: Placement) -> Range:
    """Which skills are placed, and which are still between."""
    held = placement.held
    return Range(
        held=tuple(np.flatnonzero(held >= SURE).tolist()),
        missing=tuple(np.flatnonzero(held <= 1.0 - SURE).tolist()),
        between=tuple(np.flatnonzero((held < SURE) & (held > 1.0 - SURE)).tolist()),
    )


def _chances(sets: Bools, graph: Graph, ready: Floats) -> Floats:
    """P(each skill is held) given the others of its set, [set, skill]."""
    found = np.empty(sets.shape)
    for skill in range(len(ready)):
        needed = graph.needs[graph.starts[skill] : graph.starts[skill + 1]]
        found[:, skill] = np.where(sets[:, needed].all(axis=1), ready[skill], LUCKY)
    return found


def _sampled(graph: Graph, ready: Floats, uniform: Floats) -> Bools:
    """Sets drawn skill by skill, each after what it builds on."""
    sets = np.zeros(uniform.shape, dtype=bool)
    for skill in range(len(ready)):
        needed = graph.needs[graph.starts[skill] : graph.starts[skill + 1]]
        chance = np.where(sets[:, needed].all(axis=1), ready[skill], LUCKY)
        sets[:, skill] = uniform[:, skill] < chance
    return sets


def _even(rows: int, columns: int, seed: int) -> Floats:
    """Uniform numbers of a counter-based hash (SplitMix64): no generator, no hidden state."""
    with np.errstate(over="ignore"):
        z = np.arange(rows * columns, dtype=np.uint64) + np.uint64(seed * rows * columns + 1)
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return np.asarray((z >> np.uint64(11)).astype(np.float64).reshape(rows, columns) / 2**53)


def _likely(held: Bools, correct: bool, noise: Noise) -> Floats:
    right = np.where(held, 1.0 - noise.slip, noise.guess)
    return np.asarray(right if correct else 1.0 - right)
