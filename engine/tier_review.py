"""Who changes tiers at a review, and who stays.

A seat is kept unless there is good reason to leave it: moves made on a hunch are taken back a week
later, and nobody works well where they are moved about. The bars were chosen on other simulated
year groups than those reported in docs/groups.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .curriculum import LEVELS as TIERS
from .tier_odds import Floats

SUPPORT, ON_LEVEL, ADVANCED = range(3)
ROUNDING = 12  # digits: losses equal but for rounding are equal

FIRST = 0.90
"""P(tier) from which a first seat may be off level."""
MOVE = 0.88
"""P(tier) from which a seated student moves there."""
RARELY_OPPOSITE = 0.02
"""P(the opposite tier) above which nobody is newly seated in support or among the advanced."""
TOO_OFTEN_OPPOSITE = 0.10
"""P(the opposite tier) from which a seat in support or among the advanced is given up at once, for
the best of the safe ones: somebody who is ahead, kept in support, is the worst mistake here."""
FIRM = 0.50
"""P(own tier) below which a seat is provisional."""
ANSWERS_PER_SKILL = 1.5
"""Answers for each skill of the objective, on average, below which a seat is provisional."""
LONGEST_SUPPORT = 4
"""Reviews in a row in support, after which the teacher must confirm it: no tracking."""


@dataclass(frozen=True, slots=True)
class EarlierSeat:
    """Where one review left a student: by the model or, `confirmed`, by the teacher's own word."""

    tier: str
    confirmed: bool = False


class Verdict(NamedTuple):
    """What a review says of one student.

    why   `seated` (a first seat), `stays`, `moved`, `retreats` (the opposite tier had become too
          likely), `limit` (support may not go on unconfirmed)
    """

    tier: int
    provisional: bool
    why: str


def review(
    odds: Floats, *, answers: int, skills: int, earlier: Sequence[EarlierSeat] = ()
) -> Verdict:
    """Where a student sits now, given P(tier), their answers and the reviews before, oldest first.

    >>> odds = np.array([0.05, 0.35, 0.60])
    >>> review(odds, answers=20, skills=8, earlier=[EarlierSeat("on-level")])
    Verdict(tier=1, provisional=True, why='stays')
    >>> review(np.array([0.0, 0.05, 0.95]), answers=20, skills=8)
    Verdict(tier=2, provisional=False, why='seated')
    """
    few = answers < ANSWERS_PER_SKILL * skills
    tier, why = _seat(odds, few=few, earlier=earlier)
    if tier == SUPPORT and support_has_lasted(earlier):
        return Verdict(ON_LEVEL, True, "limit")
    return Verdict(tier, bool(few or odds[tier] < FIRM), why)


def support_has_lasted(earlier: Sequence[EarlierSeat]) -> bool:
    """Whether a student has been in support for as many reviews as go without confirmation."""
    run = 0
    for seat in reversed(earlier):
        if seat.tier != TIERS[SUPPORT] or seat.confirmed:
            break
        run += 1
    return run >= LONGEST_SUPPORT


def best_tier(odds: Floats, *, keep: int | None = None) -> int:
    """The tier with the least expected distance from the true one, of those that are safe.

    Support and advanced are safe while the opposite is unlikely; a seat already held (`keep`) may
    be kept a little longer than a new one is given. When even, the middle one.

    >>> best_tier(np.array([0.45, 0.10, 0.45])), best_tier(np.array([0.95, 0.04, 0.01]))
    (1, 0)
    """
    safe = [tier for tier in range(3) if _is_safe(odds, tier, held=tier == keep)]
    losses = {tier: round(expected_loss(odds, tier), ROUNDING) for tier in (ON_LEVEL, *safe)}
    return min(losses, key=losses.__getitem__)


def expected_loss(odds: Floats, tier: int) -> float:
    """The expected distance of a tier from the true one: 0, 1 or 2 steps."""
    return float(odds @ np.abs(np.arange(3) - tier))


def _seat(odds: Floats, *, few: bool, earlier: Sequence[EarlierSeat]) -> tuple[int, str]:
    if not earlier:
        tier = best_tier(odds)
        return (tier if _reaches(odds[tier], FIRST) and not few else ON_LEVEL), "seated"
    held = TIERS.index(earlier[-1].tier)
    if not _is_safe(odds, held, held=True):
        return best_tier(odds), "retreats"
    tier = best_tier(odds, keep=held)
    if tier != held and _reaches(odds[tier], MOVE) and not few:
        return tier, "moved"
    return held, "stays"


def _reaches(p: float, bar: float) -> bool:
    """p ≥ bar, but for rounding: 1 − .1 is a hair under .9."""
    return round(float(p) - bar, ROUNDING) >= 0.0


def _is_safe(odds: Floats, tier: int, *, held: bool) -> bool:
    if tier == ON_LEVEL:
        return True
    opposite = odds[2 - tier]
    if odds[ON_LEVEL] < opposite <= 1.0 - FIRST:
        return True  # few skills, and the middle hardly possible: nowhere to be safer
    return bool(opposite <= (TOO_OFTEN_OPPOSITE if held else RARELY_OPPOSITE))
