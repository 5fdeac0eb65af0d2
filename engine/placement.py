"""Placement: which question tells most about where a student stands, over the prerequisite graph.

Knowledge is a set of skills, and a skill is rarely held without what it builds on (Falmagne &
Doignon 2011). So one answer tells about many skills: all sets of skills are weighed by what was
answered, exactly where there are few skills, and by a sample of sets where there are many.

The next question is the one whose answer should tell most bits about the set: early on no single
answer would turn a skill from not held to held, so asking what classifies most skills right at once
sees nothing to choose by. That is asked of the last two questions, looking one answer ahead.
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
LEAST_BITS = 0.05
"""A question that should tell less is not worth asking."""
MOST_QUESTIONS = 12
LAST = 2
"""Questions at the end that are chosen by how many skills they should classify right."""
PROMISING = 3
"""Questions that are followed one answer further: the best by bits and the best by gain."""


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


def bits(placement: Placement, noise: Sequence[Noise]) -> Floats:
    """How much one answer on each skill should tell about the set of skills, in bits, [skill].

    >>> unsure = begin(Graph.of([[], [(0, 0.6)]]), np.array([0.5, 0.5]))
    >>> bits(unsure, [Noise()] * 2).round(2)
    array([0.4 , 0.31])
    """
    guess = np.array([one.guess for one in noise])
    slip = np.array([one.slip for one in noise])
    held = placement.held
    right = held * (1.0 - slip) + (1.0 - held) * guess
    return _entropy(right) - held * _entropy(slip) - (1.0 - held) * _entropy(guess)


def gains_of_two(placement: Placement, noise: Sequence[Noise]) -> Floats:
    """How many more skills should be classified right after a question on each skill and the best
    one after its answer, [skill]; −∞ for skills that do not look promising."""
    one, told = gains(placement, noise), bits(placement, noise)
    found = np.full(len(noise), -np.inf)
    for skill in {*np.argsort(-one)[:PROMISING].tolist(), *np.argsort(-told)[:PROMISING].tolist()}:
        chance = float(placement.held[skill])
        right = chance * (1.0 - noise[skill].slip) + (1.0 - chance) * noise[skill].guess
        found[skill] = one[skill]
        for correct, share in ((True, right), (False, 1.0 - right)):
            after = answered(placement, skill, correct=correct, noise=noise[skill])
            found[skill] += share * gains(after, noise).max()
    return found


def next_question(
    placement: Placement, noise: Sequence[Noise], *, questions: int = MOST_QUESTIONS
) -> int | None:
    """The skill to ask about next, of so many questions; None where nothing is worth another.

    Placement ends when every skill is placed, no question should tell enough, or all have been
    asked.
    """
    left = questions - len(placement.asked)
    if left <= 0 or not placement_range(placement).between:
        return None
    if bits(placement, noise).max() < LEAST_BITS:
        return None
    return best_question(placement, noise, left=left)


def best_question(placement: Placement, noise: Sequence[Noise], *, left: int) -> int:
    """The skill to ask about, with so many questions left, this one among them."""
    if left > LAST:
        return int(np.argmax(bits(placement, noise)))
    if left == LAST:
        return int(np.argmax(gains_of_two(placement, noise)))
    return int(np.argmax(gains(placement, noise)))


def _entropy(p: Floats) -> Floats:
    """Bits of a yes or no of probability p; none where it is certain."""
    inside = np.clip(p, 1e-300, 1.0)
    outside = np.clip(1.0 - p, 1e-300, 1.0)
    return np.asarray(-p * np.log2(inside) - (1.0 - p) * np.log2(outside))


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
