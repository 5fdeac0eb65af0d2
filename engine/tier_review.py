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


class Bars(NamedTuple):
    """When seats change; `trellis bench bars` prints what each costs and brings.

    first               P(tier) from which a first seat may be off level
    move                P(tier) from which a seated student moves there
    rarely_opposite     P(the opposite tier) above which nobody is newly seated in support or ahead
    too_often_opposite  the same from which such a seat is given up at once, for the best of the
                        safe ones: somebody who is ahead, kept in support, is the worst mistake here
    firm                P(own tier) below which a seat is provisional
    answers_per_skill   answers for each skill of the objective, on average, below which a seat is
                        provisional
    """

    first: float = 0.90
    move: float = 0.88
    rarely_opposite: float = 0.02
    too_often_opposite: float = 0.10
    firm: float = 0.50
    answers_per_skill: float = 1.5


BARS = Bars()
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
    odds: Floats,
    *,
    answers: int,
    skills: int,
    earlier: Sequence[EarlierSeat] = (),
    bars: Bars = BARS,
) -> Verdict:
    """Where a student sits now, given P(tier), their answers and the reviews before, oldest first.

    >>> odds = np.array([0.05, 0.35, 0.60])
    >>> review(odds, answers=20, skills=8, earlier=[EarlierSeat("on-level")])
    Verdict(tier=1, provisional=True, why='stays')
    >>> review(np.array([0.0, 0.05, 0.95]), answers=20, skills=8)
    Verdict(tier=2, provisional=False, why='seated')
    """
    few = answers < bars.answers_per_skill * skills
    tier, why = _seat(odds, few=few, earlier=earlier, bars=bars)
    if tier == SUPPORT and support_has_lasted(earlier):
        return Verdict(ON_LEVEL, True, "limit")
    return Verdict(tier, bool(few or odds[tier] < bars.firm), why)


def support_has_lasted(earlier: Sequence[EarlierSeat]) -> bool:
    """Whether a student has been in support for as many reviews as go without confirmation."""
    run = 0
    for seat in reversed(earlier):
        if seat.tier != TIERS[SUPPORT] or seat.confirmed:
            break
        run += 1
    return run >= LONGEST_SUPPORT


def best_tier(odds: Floats, *, keep: int | None = None, bars: Bars = BARS) -> int:
    """The tier with the least expected distance from the true one, of those that are safe.

    Support and advanced are safe while the opposite is unlikely; a seat already held (`keep`) may
    be kept a little longer than a new one is given. When even, the middle one.

    >>> best_tier(np.array([0.45, 0.10, 0.45])), best_tier(np.array([0.95, 0.04, 0.01]))
    (1, 0)
    """
    safe = [tier for tier in range(3) if _is_safe(odds, tier, bars, held=tier == keep)]
    losses = {tier: round(expected_loss(odds, tier), ROUNDING) for tier in (ON_LEVEL, *safe)}
    return min(losses, key=losses.__getitem__)


def expected_loss(odds: Floats, tier: int) -> float:
    """The expected distance of a tier from the true one: 0, 1 or 2 steps."""
    return float(odds @ np.abs(np.arange(3) - tier))


def _seat(
    odds: Floats, *, few: bool, earlier: Sequence[EarlierSeat], bars: Bars
) -> tuple[int, str]:
    if not earlier:
        tier = best_tier(odds, bars=bars)
        return (tier if _reaches(odds[tier], bars.first) and not few else ON_LEVEL), "seated"
    held = TIERS.index(earlier[-1].tier)
    if not _is_safe(odds, held, bars, held=True):
        return best_tier(odds, bars=bars), "retreats"
    tier = best_tier(odds, keep=held, bars=bars)
    if tier != held and _reaches(odds[tier], bars.move) and not few:
        return tier, "moved"
    return held, "stays"


def _reaches(p: float, bar: float) -> bool:
    """p ≥ bar, but for rounding: 1 − .1 is a hair under .9."""
    return round(float(p) - bar, ROUNDING) >= 0.0


def _is_safe(odds: Floats, tier: int, bars: Bars, *, held: bool) -> bool:
    if tier == ON_LEVEL:
        return True
    opposite = odds[2 - tier]
    if odds[ON_LEVEL] < opposite <= 1.0 - bars.first:
        return True  # few skills, and the middle hardly possible: nowhere to be safer
    return bool(opposite <= (bars.too_often_opposite if held else bars.rarely_opposite))
