"""Following students through a course whose teaching is known, each with their own speed and start.

A student's start (a shift of all priors) and speed (a multiple of what every activity teaches) are
unknown; a grid of nodes holds what is believed of them, and given a node every skill is followed
by itself. So an answer on one skill tells something about all others.

A student may also be stuck on a skill, for reasons that no model knows: then activities teach a
fraction of the usual until it passes. Without that, a rule that trusts the model would wait for
ever for a rise that does not come.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers
from engine.tiring import Tiring, worked

from .ladder import MOST, Ladder, begun_by, held_level, lapse, lift, p_right
from .teaching import Teaching

NODES = np.array([-1.5, 0.0, 1.5])  # sd
CRAWL = 0.15  # of the usual speed when stuck
PASSES = 0.01  # P(no longer stuck) with each activity on something else
NODE_WEIGHTS = np.array([0.22, 0.56, 0.22])  # unit variance: .22 × 2 × 1.5² ≈ 1


class Spread(NamedTuple):
    """How much students differ: sd of the logits of the start and of the log of speed, and how
    often one is stuck on a skill. And how much an answer is trusted: a power of its likelihood,
    below 1 where answers tell less than the model thinks (Miller & Dunson 2019)."""

    start: float = 0.0
    speed: float = 0.0
    stuck: float = 0.0
    trust: float = 1.0


class Standing(NamedTuple):
    """What is believed of students now.

    mastery  [student, skill] P(at the top)
    knows    [student, skill] how far up on the average, 0 to 1
    speed    [student, skill] speed towards the top, as a multiple of one level's usual: the
             student's own, less where they are stuck, and less where the skill was just worked on
    """

    mastery: Floats
    knows: Floats
    speed: Floats


class Follower:
    """Beliefs about many students, moved on by what each does."""

    def __init__(
        self, teaching: Teaching, skill_of: Integers, *, students: int, spread: Spread
    ) -> None:
        self._model, self._needs, self._skill_of = teaching.ladder, teaching.needs, skill_of
        shifts, speeds, weights = _nodes(spread)
        self._speeds, self._trust = speeds, spread.trust
        start = begun_by(self._model.start, shifts)
        both = np.stack([(1.0 - spread.stuck) * start, spread.stuck * start], axis=3)
        self._beliefs = np.repeat(both[None], students, axis=0)
        """P by [student, node, skill, level, stuck or not]."""
        self._weights = np.repeat(weights[None], students, axis=0)
        self._load, self._tiring = np.zeros((students, len(self._needs))), teaching.tiring
        self.log_likelihood = np.zeros(students)

    def observe(self, activities: Integers, correct: Floats) -> None:
        """Every student has done one activity; NaN where it asked nothing."""
        self.log_likelihood += _observe(
            self._beliefs,
            self._weights,
            self._speeds,
            self._trust,
            activities,
            correct,
            self._model,
            self._needs,
            self._skill_of,
            self._load,
            self._tiring,
        )

    def standing(self) -> Standing:
        """What is believed now, over all nodes."""
        found = _standing(self._beliefs, self._weights, self._speeds, self._model.shares)
        mastery, knows, speed = found
        return Standing(mastery, knows, speed * np.exp(-self._tiring.rate * self._load))


def _nodes(spread: Spread) -> tuple[Floats, Floats, Floats]:
    """Shift of the start, multiple of the speed, and weight of each node."""
    starts = NODES if spread.start else NODES[1:2]
    paces = NODES if spread.speed else NODES[1:2]
    of_starts = NODE_WEIGHTS if spread.start else np.ones(1)
    of_paces = NODE_WEIGHTS if spread.speed else np.ones(1)
    shifts = np.repeat(spread.start * starts, len(paces))
    speeds = np.tile(np.exp(spread.speed * paces), len(starts))
    return shifts, speeds, np.outer(of_starts, of_paces).ravel()


@njit(cache=True)
def _observe(
    beliefs: Floats,
    weights: Floats,
    speeds: Floats,
    trust: float,
    activities: Integers,
    correct: Floats,
    model: Ladder,
    needs: Floats,
    skill_of: Integers,
    load: Floats,
    tired: Tiring,
) -> Floats:
    found = np.zeros(len(activities))
    for s in range(len(activities)):
        a = activities[s]
        k, total, predicted = skill_of[a], 0.0, 0.0
        pace = model.teach[a] * np.exp(-tired.rate * load[s, k])
        for n in range(len(speeds)):
            up = pace * speeds[n] * _ready(beliefs[s, n], needs[k], model.shares)
            b = beliefs[s, n, k]
            chance = _answered(b, correct[s], model.guess[a], model.slip[a], trust, model.shares)
            predicted += weights[s, n] * chance
            weights[s, n] *= chance**trust
            lift(b[:, 0], min(up, MOST))
            lift(b[:, 1], min(up * CRAWL, MOST))
            total += weights[s, n]
            _elsewhere(beliefs[s, n], k, model.lapse)
        weights[s] /= total
        worked(load[s], k, tired.memory)
        found[s] = np.log(predicted)
    return found


@njit(cache=True)
def _ready(beliefs: Floats, needs: Floats, shares: Floats) -> float:
    ready = 1.0
    for j in range(len(needs)):
        if needs[j] > 0.0:
            ready *= 1.0 - needs[j] * (1.0 - _share(beliefs[j], shares))
    return ready


@njit(cache=True)
def _answered(
    b: Floats, correct: float, guess: float, slip: float, trust: float, shares: Floats
) -> float:
    """`b` is the belief [level, stuck] after an answer; its probability is given back."""
    if np.isnan(correct):
        return 1.0
    chance, total = 0.0, 0.0
    for level in range(len(b)):
        right = p_right(shares[level], guess, slip)
        likely = right if correct > 0.5 else 1.0 - right
        chance += (b[level, 0] + b[level, 1]) * likely
        b[level] *= likely**trust
        total += b[level, 0] + b[level, 1]
    b /= total
    return chance


@njit(cache=True)
def _elsewhere(beliefs: Floats, worked_on: int, lost: float) -> None:
    """What an activity on one skill leaves of the others: some lapse, some come unstuck."""
    for j in range(len(beliefs)):
        if j != worked_on:
            b = beliefs[j]
            if lost > 0.0:
                lapse(b[:, 0], lost)
                lapse(b[:, 1], lost)
            for level in range(len(b)):
                passing = b[level, 1] * PASSES
                b[level, 1] -= passing
                b[level, 0] += passing


@njit(cache=True)
def _share(b: Floats, shares: Floats) -> float:
    found = 0.0
    for level in range(len(b)):
        found += (b[level, 0] + b[level, 1]) * shares[level]
    return found


@njit(cache=True)
def _standing(
    beliefs: Floats, weights: Floats, speeds: Floats, shares: Floats
) -> tuple[Floats, Floats, Floats]:
    students, nodes, skills, levels, _ = beliefs.shape
    top = held_level(shares)
    mastery, knows = np.zeros((students, skills)), np.zeros((students, skills))
    speed = np.zeros((students, skills))
    for s in range(students):
        for n in range(nodes):
            for k in range(skills):
                weight, b = weights[s, n], beliefs[s, n, k]
                knows[s, k] += weight * _share(b, shares)
                for level in range(top, levels):
                    mastery[s, k] += weight * (b[level, 0] + b[level, 1])
                for level in range(top):
                    # levels still to go take as many times longer
                    pace = (b[level, 0] + CRAWL * b[level, 1]) / (top - level)
                    speed[s, k] += weight * speeds[n] * pace
        for k in range(skills):
            speed[s, k] /= max(1.0 - mastery[s, k], 1e-12)
    return mastery, knows, speed
