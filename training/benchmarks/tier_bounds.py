"""What is to be known of tiers at all: the exact posterior of who knows the truth of the world.

No rule that goes by the same answers can be righter, so it says how much of an error is in the
answers and how much in the model. In the BKT world it is the filter under the true parameters. In
the continuous world the level of each skill is weighed on a grid, given what a student's skills
share and the student's speed, and both of those on a grid too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from data.tier_worlds import (
    GAIN,
    GAIN_SPREAD,
    HELD_FROM,
    OWN,
    PREREQUISITES,
    ROOM,
    SHARED,
    SKILLS,
    rate,
)
from engine.tier_odds import tier_probabilities

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Truth = Mapping[str, Floats]

AT_ONCE = 200  # students weighed together: the grid takes some 7 kB for each of their skills
ABILITIES, SPEEDS, LEVELS = (np.linspace(-w, w, n) for w, n in ((2.4, 13), (1.5, 4), (2.6, 17)))
"""In standard deviations."""


def exact_states(truth: Truth, asked: Integers, correct: Flags, per_week: int) -> Floats:
    """P(tier) after each week, [student, week, 3], where skills are states."""
    prior, learn, guess, slip = (truth[name] for name in ("prior", "learn", "guess", "slip"))
    rows, p, weeks = np.arange(len(asked)), np.tile(prior, (len(asked), 1)), []
    for turn in range(asked.shape[1]):
        skill, right = asked[:, turn], correct[:, turn]
        known = np.where(right, 1.0 - slip[skill], slip[skill])
        unknown = np.where(right, guess[skill], 1.0 - guess[skill])
        before = p[rows, skill]
        after = before * known / (before * known + (1.0 - before) * unknown)
        p[rows, skill] = after + (1.0 - after) * learn[skill]
        if (turn + 1) % per_week == 0:
            weeks.append(_tiers(p))
    return np.stack(weeks, axis=1)


def exact_levels(truth: Truth, asked: Integers, correct: Flags, per_week: int) -> Floats:
    """The same where skills are levels."""
    parts = [
        _exact_levels(truth, asked[at : at + AT_ONCE], correct[at : at + AT_ONCE], per_week)
        for at in range(0, len(asked), AT_ONCE)
    ]
    return np.concatenate(parts)


def _exact_levels(truth: Truth, asked: Integers, correct: Flags, per_week: int) -> Floats:
    students, turns = asked.shape
    own, weights = _normal(LEVELS), _normal(SPEEDS)[:, None] * _normal(ABILITIES)
    rates = _rates(truth, turns)  # [skill, answers before, speed, ability, level]
    held = rates >= HELD_FROM
    logs = np.log(rates).astype(np.float32), np.log1p(-rates).astype(np.float32)
    seen = np.zeros((students, SKILLS, *rates.shape[2:]), np.float32)
    counts, rows, weeks = np.zeros((students, SKILLS), np.int64), np.arange(students), []
    for turn in range(turns):
        skill, right = asked[:, turn], correct[:, turn]
        at = skill, counts[rows, skill]
        seen[rows, skill] += np.where(right[:, None, None, None], logs[0][at], logs[1][at])
        counts[rows, skill] += 1
        if (turn + 1) % per_week == 0:
            likely = np.exp(seen.astype(np.float64)) * own
            total = likely.sum(axis=-1)  # [student, skill, speed, ability]
            now = held[np.arange(SKILLS), counts]
            p = (likely * now).sum(axis=-1) / total
            share = total.prod(axis=1) * weights
            share /= share.sum(axis=(1, 2), keepdims=True)
            weeks.append((share[..., None] * _tiers(np.moveaxis(p, 1, -1))).sum(axis=(1, 2)))
    return np.stack(weeks, axis=1)


def _rates(truth: Truth, turns: int) -> Floats:
    """P(right) after so many answers on the skill: [skill, answers, speed, ability, level]."""
    speed, gained = GAIN * np.exp(GAIN_SPREAD * SPEEDS), [np.zeros(len(SPEEDS))]
    for _ in range(turns):
        gained.append(gained[-1] + speed * np.exp(-gained[-1] / ROOM))
    start = SHARED * ABILITIES[:, None] + OWN * LEVELS
    level = np.stack(gained)[:, :, None, None] + start
    return np.stack(
        [
            rate(truth["centre"][k] + level, truth["guess"][k], truth["slip"][k])
            for k in range(SKILLS)
        ]
    )


def _normal(at: Floats) -> Floats:
    weight = np.exp(-0.5 * at**2)
    return np.asarray(weight / weight.sum())


def _tiers(p: Floats) -> Floats:
    return tier_probabilities(p[..., :PREREQUISITES], p[..., PREREQUISITES:])


EXACT: Mapping[str, Callable[[Truth, Integers, Flags, int], Floats]] = {
    "BKT": exact_states,
    "continuous": exact_levels,
}
