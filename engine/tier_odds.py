"""How likely each tier is for a student, from how likely each skill is held.

Skills are counted as if held independently of each other given the beliefs, so the number held
follows a Poisson-binomial distribution.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PREREQUISITES_NEEDED = Fraction(3, 4)
"""Share of the prerequisites below which a student needs support, judged first."""
TARGETS_NEEDED = Fraction(1, 4)
"""The same on the targets themselves, where an objective builds on nothing."""
TARGETS_ADVANCED = Fraction(3, 4)
"""Share of the targets from which a student who needs no support is advanced."""
EDGE = 1e-9  # as certain as a tier may be when odds are compared


class TierOdds(NamedTuple):
    """The odds of the tiers for a class, and what each skill has to do with them.

    tiers     [student, 3]         P(support), P(on-level), P(advanced)
    evidence  [student, skill, 3]  weight of evidence (Good 1950): how far what is believed of the
                                   skill moves the log-odds of the tier, against mastery one half
    worth     [student, skill]     how much of the variance of the tier, counted 0, 1, 2, would go
                                   if it were known for sure whether the skill is held

    Skills are counted prerequisites first, then targets.
    """

    tiers: Floats
    evidence: Floats
    worth: Floats


def count_distribution(p: Floats) -> Floats:
    """P(exactly h of m hold), shape [..., m + 1], from independent probabilities [..., m].

    Source: the recursion of Wang (1993), On the number of successes in independent trials.

    >>> count_distribution(np.array([0.5, 0.5]))
    array([0.25, 0.5 , 0.25])
    """
    m = p.shape[-1]
    found = np.zeros((*p.shape[:-1], m + 1))
    found[..., 0] = 1.0
    for k in range(m):
        one = p[..., k, None]
        stepped = found * (1.0 - one)
        stepped[..., 1:] += found[..., :-1] * one
        found = stepped
    return found


def fewer_than(bar: int, p: Floats) -> Floats:
    """P(fewer than `bar` of the skills are held), from P(held) as [..., m]."""
    below: Floats = count_distribution(p)[..., :bar].sum(axis=-1)
    return below


def fewer_without_each(bar: int, p: Floats) -> Floats:
    """P(fewer than `bar` of the *other* skills are held), for each skill: [..., m] to [..., m].

    Each skill is taken out of the count by running its step of the recursion backwards, from the
    end where that divides by the larger of P(held) and P(lacked): the other way, rounding errors
    would double with every step.
    """
    counts = count_distribution(p)[..., None, :]
    likely = p > 0.5
    upwards = _sum_upwards(counts, np.where(likely, 0.0, p), bar)
    downwards = _sum_downwards(counts, np.where(likely, p, 1.0), bar)
    return np.clip(np.where(likely, 1.0 - downwards, upwards), 0.0, 1.0)


def _sum_upwards(counts: Floats, p: Floats, bar: int) -> Floats:
    """P(others < bar), from the lowest count up."""
    total, one = np.zeros_like(p), np.zeros_like(p)
    for count in range(min(bar, p.shape[-1])):
        one = (counts[..., count] - p * one) / (1.0 - p)
        total += one
    return total


def _sum_downwards(counts: Floats, p: Floats, bar: int) -> Floats:
    """P(others ≥ bar), from the highest count down."""
    total, one = np.zeros_like(p), np.zeros_like(p)
    for count in range(p.shape[-1] - 1, max(bar, 0) - 1, -1):
        one = (counts[..., count + 1] - (1.0 - p) * one) / p
        total += one
    return total


def tier_probabilities(prerequisites: Floats, targets: Floats) -> Floats:
    """P(support), P(on-level), P(advanced), shape [..., 3].

    Takes P(held) of each prerequisite, [..., q], and of each target, [..., g].

    >>> tier_probabilities(np.array([0.9]), np.array([0.5])).round(2)
    array([0.1 , 0.45, 0.45])
    """
    judged, bar = _judged_first(prerequisites, targets)
    short = fewer_than(_enough(TARGETS_ADVANCED, targets.shape[-1]), targets)
    return _tiers(fewer_than(bar, judged), short, apart=prerequisites.shape[-1] > 0)


def tier_odds(prerequisites: Floats, targets: Floats) -> TierOdds:
    """The odds of a whole class, from P(held) as [student, q] and [student, g]."""
    p = np.concatenate([prerequisites, targets], axis=-1)
    tiers = tier_probabilities(prerequisites, targets)
    lacked = _if_known(prerequisites, targets, held=0)
    held = _if_known(prerequisites, targets, held=1)
    evidence = _log_odds(tiers[:, None, :]) - _log_odds((lacked + held) / 2.0)
    moved = (held - lacked) @ np.arange(3.0)
    return TierOdds(tiers, evidence, p * (1.0 - p) * moved**2)


def _if_known(prerequisites: Floats, targets: Floats, *, held: int) -> Floats:
    """Tier probabilities if one skill were known to be held (1) or lacked (0), for each skill.

    Shape [student, skill, 3]. Knowing a skill to be held leaves one less to ask of the others.
    """
    judged, bar = _judged_first(prerequisites, targets)
    advanced = _enough(TARGETS_ADVANCED, targets.shape[-1])
    support = fewer_without_each(bar - held, judged)
    short = fewer_without_each(advanced - held, targets)
    if prerequisites.shape[-1] == 0:
        return _tiers(support, short, apart=False)
    as_is = fewer_than(bar, judged)[:, None], fewer_than(advanced, targets)[:, None]
    of_prerequisites = _tiers(support, as_is[1], apart=True)
    of_targets = _tiers(as_is[0], short, apart=True)
    return np.concatenate([of_prerequisites, of_targets], axis=1)


def _judged_first(prerequisites: Floats, targets: Floats) -> tuple[Floats, int]:
    """The skills that decide on support, and how many of them must be held."""
    q = prerequisites.shape[-1]
    if q == 0:
        return targets, _enough(TARGETS_NEEDED, targets.shape[-1])
    return prerequisites, _enough(PREREQUISITES_NEEDED, q)


def _tiers(support: Floats, short: Floats, *, apart: bool) -> Floats:
    """The three probabilities from P(support) and P(short of the targets for advanced).

    `apart`: the two are judged on different skills, so they are independent; otherwise on the
    same, and whoever needs support is short of the targets too.
    """
    advanced = (1.0 - support) * (1.0 - short) if apart else 1.0 - short
    support = np.broadcast_to(support, advanced.shape)
    on_level = np.maximum(1.0 - support - advanced, 0.0)
    return np.stack([support, on_level, advanced], axis=-1)


def _log_odds(p: Floats) -> Floats:
    """Log-odds, finite even where a tier is certain."""
    inside = np.clip(p, EDGE, 1.0 - EDGE)
    odds: Floats = np.log(inside) - np.log1p(-inside)
    return odds


def _enough(share: Fraction, of: int) -> int:
    """The smallest count that is at least this share, in exact arithmetic; one at the least."""
    return max(1, -(-share.numerator * of // share.denominator))
