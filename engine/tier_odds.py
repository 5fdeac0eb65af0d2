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
BLOCK = 1_000_000  # numbers handled at once, so that a large objective fits in memory
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


def tier_probabilities(prerequisites: Floats, targets: Floats) -> Floats:
    """P(support), P(on-level), P(advanced), shape [..., 3].

    Takes P(held) of each prerequisite, [..., q], and of each target, [..., g].

    >>> tier_probabilities(np.array([0.9]), np.array([0.5])).round(2)
    array([0.1 , 0.45, 0.45])
    """
    q, g = prerequisites.shape[-1], targets.shape[-1]
    held = count_distribution(targets)
    at_least = held[..., _enough(TARGETS_ADVANCED, g) :].sum(axis=-1)
    if q == 0:
        support = held[..., : _enough(TARGETS_NEEDED, g)].sum(axis=-1)
        advanced = at_least
    else:
        ready = count_distribution(prerequisites)
        support = ready[..., : _enough(PREREQUISITES_NEEDED, q)].sum(axis=-1)
        advanced = (1.0 - support) * at_least
    on_level = np.maximum(1.0 - support - advanced, 0.0)
    return np.stack([support, on_level, advanced], axis=-1)


def tier_odds(prerequisites: Floats, targets: Floats) -> TierOdds:
    """The odds of a whole class, from P(held) as [student, q] and [student, g]."""
    p = np.concatenate([prerequisites, targets], axis=-1)
    tiers = tier_probabilities(prerequisites, targets)
    blocks = np.array_split(np.arange(p.shape[-1]), 1 + p.shape[-1] * p.size // BLOCK)
    known = [_if_known(p, prerequisites.shape[-1], block) for block in blocks]
    lacked, held = np.concatenate(known, axis=2)
    evidence = _log_odds(tiers[:, None, :]) - _log_odds((lacked + held) / 2.0)
    moved = (held - lacked) @ np.arange(3.0)
    return TierOdds(tiers, evidence, p * (1.0 - p) * moved**2)


def _if_known(p: Floats, q: int, skills: NDArray[np.intp]) -> Floats:
    """Tier probabilities if each of some skills were known to be lacked, and to be held.

    Shape [2, student, skill, 3].
    """
    known = np.broadcast_to(p, (2, len(skills), *p.shape)).copy()
    each = np.arange(len(skills))
    known[0, each, :, skills], known[1, each, :, skills] = 0.0, 1.0
    return tier_probabilities(known[..., :q], known[..., q:]).swapaxes(1, 2)


def _log_odds(p: Floats) -> Floats:
    """Log-odds, finite even where a tier is certain."""
    inside = np.clip(p, EDGE, 1.0 - EDGE)
    odds: Floats = np.log(inside) - np.log1p(-inside)
    return odds


def _enough(share: Fraction, of: int) -> int:
    """The smallest count that is at least this share, in exact arithmetic; one at the least."""
    return max(1, -(-share.numerator * of // share.denominator))
