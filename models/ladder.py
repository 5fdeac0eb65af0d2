"""Knowledge as a ladder of levels: the kernels that follow students up (and down) it.

A ladder of two levels is knowledge tracing. With more, a student may know a skill in part: the
answer at level l of K is that of somebody who knows with probability l / (K − 1), else a guess.
An activity lifts a student one level with P = teach × readiness; forgetting lowers them one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers

MOST = 0.95
"""No activity is sure to teach: keeps a student who never learns possible."""


class Strands(NamedTuple):
    """The activities of many students, strand by strand: one strand is one student on one skill.

    starts    [strand + 1]
    activity  [event]
    correct   [event] 1, 0, or NaN where nothing was asked
    ready     [event] share of full speed that the prerequisites leave
    gap       [event] steps since the strand's event before, or since the student began
    """

    starts: Integers
    activity: Integers
    correct: Floats
    ready: Floats
    gap: Floats


class Ladder(NamedTuple):
    """A model of one course: P of each level at the start [skill, level], and by activity."""

    start: Floats
    teach: Floats
    guess: Floats
    slip: Floats
    lapse: float

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
def p_right(level: int, levels: int, guess: float, slip: float) -> float:
    """P(a right answer) at a level.

    >>> [round(p_right(level, 3, 0.2, 0.1), 3) for level in range(3)]
    [0.2, 0.55, 0.9]
    """
    return guess + (1.0 - slip - guess) * level / (levels - 1)


@njit(cache=True)
def conditioned(b: Floats, correct: float, guess: float, slip: float) -> float:
    """`b` is the belief once the answer is known; its probability is given back."""
    if np.isnan(correct):
        return 1.0
    levels, total = len(b), 0.0
    for level in range(levels):
        right = p_right(level, levels, guess, slip)
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
    b = model.start[skill_of[strands.activity[strands.starts[s]]]].copy()
    for t in range(strands.starts[s], strands.starts[s + 1]):
        a = strands.activity[t]
        lapse(b, 1.0 - (1.0 - model.lapse) ** strands.gap[t])
        before[t] = b
        scale[t] = conditioned(b, strands.correct[t], model.guess[a], model.slip[a])
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
            found.after[t] += risen[t, level] * beta[level] * level / (levels - 1)
            inner[level] = beta[level]
            if level < levels - 1:
                found.lifted[t] += known[t, level] * up * beta[level + 1]
                inner[level] += up * (beta[level + 1] - beta[level])
                found.liftable[t] += known[t, level] * inner[level]
        if not np.isnan(correct):
            for level in range(levels):
                share = level / (levels - 1)
                right = p_right(level, levels, guess, slip)
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
