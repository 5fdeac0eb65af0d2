"""Knowledge as a ladder of levels: the kernels that follow students up (and down) it.

A ladder of two levels is knowledge tracing. With more, a student may know a skill in part: at each
level the answer is that of somebody who knows with the level's share, else a guess. An activity
lifts a student one level with P = teach × readiness; forgetting lowers them one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers

MOST = 0.95
"""No activity is sure to teach: keeps a student who never learns possible."""


HELD_FROM = 0.9
"""A skill is held by somebody who answers as one who knows in so many cases."""
KNOWN_OR_NOT, IN_PART = np.array([0.0, 1.0]), np.array([0.0, 0.5, 1.0])
"""How much is known at each level: knowledge tracing, and with a level between."""


class Strands(NamedTuple):
    """The activities of many students, strand by strand: one strand is one student on one skill.

    starts    [strand + 1]
    activity  [event]
    correct   [event] 1, 0, or NaN where nothing was asked
    ready     [event] share of full speed that the prerequisites leave, times the student's speed
    gap       [event] steps since the strand's event before, or since the student began
    shift     [strand] logits by which the student's start differs from the usual
    """

    starts: Integers
    activity: Integers
    correct: Floats
    ready: Floats
    gap: Floats
    shift: Floats


class Ladder(NamedTuple):
    """A model of one course: P of each level at the start [skill, level]; by activity; and how much
    somebody at each level knows, from 0 to (about) 1 [level]."""

    start: Floats
    teach: Floats
    guess: Floats
    slip: Floats
    lapse: float
    shares: Floats

    @property
    def levels(self) -> int:
        return int(self.start.shape[1])


class Expected(NamedTuple):
    """What the E-step found, by event unless it says otherwise.

    start       [strand, level] P(level) at the start
    knew        P(answered as somebody who knows), by the answer and all others
    lifted      P(the activity lifted the student)
    liftable    P(not at the top before it)
    after       how far up the ladder the student is just after it, 0 to 1
    fell, held  [strand] expected falls, and steps at a level one could fall from
    """

    start: Floats
    knew: Floats
    lifted: Floats
    liftable: Floats
    after: Floats
    fell: Floats
    held: Floats
    log_likelihood: float


@njit(cache=True)
def held_level(shares: Floats) -> int:
    """The level from which a skill counts as held."""
    for level in range(len(shares)):
        if shares[level] >= HELD_FROM:
            return level
    return len(shares) - 1


@njit(cache=True)
def p_right(share: float, guess: float, slip: float) -> float:
    """P(a right answer) of somebody who knows so much.

    >>> [round(p_right(share, 0.2, 0.1), 3) for share in (0.0, 0.5, 1.0)]
    [0.2, 0.55, 0.9]
    """
    return guess + (1.0 - slip - guess) * share


@njit(cache=True)
def shifted(start: Floats, logits: float) -> Floats:
    """Start beliefs with the odds of the top multiplied, those of a level between in proportion.

    >>> shifted(np.array([0.5, 0.5]), 1.0).round(3)
    array([0.269, 0.731])
    """
    found: Floats = start * np.exp(logits * np.arange(len(start)) / (len(start) - 1))
    found /= found.sum()
    return found


def begun_by(start: Floats, logits: Floats) -> Floats:
    """Start beliefs [skill, level] of those whose starts are shifted so, [who, skill, level]."""
    odds = start[None] * np.exp(logits[:, None, None] * np.linspace(0.0, 1.0, start.shape[1]))
    return np.asarray(odds / odds.sum(axis=2, keepdims=True))


@njit(cache=True)
def conditioned(b: Floats, correct: float, guess: float, slip: float, shares: Floats) -> float:
    """`b` is the belief once the answer is known; its probability is given back."""
    if np.isnan(correct):
        return 1.0
    levels, total = len(b), 0.0
    for level in range(levels):
        right = p_right(shares[level], guess, slip)
        b[level] *= right if correct > 0.5 else 1.0 - right
        total += b[level]
    b /= total
    return total


@njit(cache=True)
def lift(b: Floats, up: float) -> None:
    """`b` is the belief after an activity that lifts with probability `up`."""
    for level in range(len(b) - 1, 0, -1):
        rising = b[level - 1] * up
        b[level] += rising
        b[level - 1] -= rising


@njit(cache=True)
def lapse(b: Floats, down: float) -> None:
    """`b` is the belief after a time in which a level is lost with probability `down`."""
    for level in range(1, len(b)):
        falling = b[level] * down
        b[level] -= falling
        b[level - 1] += falling


@njit(cache=True)
def expect(strands: Strands, model: Ladder, skill_of: Integers) -> Expected:
    """The expected counts of every event given all answers of its strand (Baum–Welch)."""
    starts, n, levels = strands.starts, len(strands.activity), model.start.shape[1]
    found = Expected(
        np.zeros((len(starts) - 1, levels)),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(len(starts) - 1),
        np.zeros(len(starts) - 1),
        0.0,
    )
    before, known, risen = np.empty((n, levels)), np.empty((n, levels)), np.empty((n, levels))
    scale, total = np.ones(n), 0.0
    for s in range(len(starts) - 1):
        _forward(s, strands, model, skill_of, before, known, risen, scale)
        _backward(s, strands, model, before, known, risen, scale, found)
        total += np.log(scale[starts[s] : starts[s + 1]]).sum()
    return Expected(
        found.start,
        found.knew,
        found.lifted,
        found.liftable,
        found.after,
        found.fell,
        found.held,
        total,
    )


@njit(cache=True)
def _forward(
    s: int,
    strands: Strands,
    model: Ladder,
    skill_of: Integers,
    before: Floats,
    known: Floats,
    risen: Floats,
    scale: Floats,
) -> None:
    b = shifted(model.start[skill_of[strands.activity[strands.starts[s]]]], strands.shift[s])
    for t in range(strands.starts[s], strands.starts[s + 1]):
        a = strands.activity[t]
        lapse(b, 1.0 - (1.0 - model.lapse) ** strands.gap[t])
        before[t] = b
        scale[t] = conditioned(b, strands.correct[t], model.guess[a], model.slip[a], model.shares)
        known[t] = b
        lift(b, min(model.teach[a] * strands.ready[t], MOST))
        risen[t] = b


@njit(cache=True)
def _backward(
    s: int,
    strands: Strands,
    model: Ladder,
    before: Floats,
    known: Floats,
    risen: Floats,
    scale: Floats,
    found: Expected,
) -> None:
    levels = model.start.shape[1]
    beta, inner = np.ones(levels), np.empty(levels)  # after the activity; before it lifted
    for t in range(strands.starts[s + 1] - 1, strands.starts[s] - 1, -1):
        a, correct = strands.activity[t], strands.correct[t]
        guess, slip = model.guess[a], model.slip[a]
        up = min(model.teach[a] * strands.ready[t], MOST)
        for level in range(levels):
            found.after[t] += risen[t, level] * beta[level] * model.shares[level]
            inner[level] = beta[level]
            if level < levels - 1:
                found.lifted[t] += known[t, level] * up * beta[level + 1]
                inner[level] += up * (beta[level + 1] - beta[level])
                found.liftable[t] += known[t, level] * inner[level]
        if not np.isnan(correct):
            for level in range(levels):
                share = model.shares[level]
                right = p_right(share, guess, slip)
                likely = right if correct > 0.5 else 1.0 - right
                knowing = share * ((1.0 - slip) if correct > 0.5 else slip) / likely
                found.knew[t] += known[t, level] * inner[level] * knowing
                inner[level] *= likely / scale[t]
        down = 1.0 - (1.0 - model.lapse) ** strands.gap[t]
        # `inner` now weighs the belief before the answer
        for level in range(levels - 1, -1, -1):
            beta[level] = inner[level]
            if level > 0:
                beta[level] += down * (inner[level - 1] - inner[level])
        if t > strands.starts[s]:
            for level in range(1, levels):
                found.fell[s] += risen[t - 1, level] * down * inner[level - 1]
                found.held[s] += risen[t - 1, level] * beta[level] * strands.gap[t]
    for level in range(levels):
        found.start[s, level] = before[strands.starts[s], level] * inner[level]
