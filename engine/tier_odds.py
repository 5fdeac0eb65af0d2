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


class TierOdds(NamedTuple):
    """Probabilities of support, on-level and advanced, and what each skill has to do with them.

    tiers   [student, 3]
    lacked  [student, skill, 3]  the same if the skill were known not to be held
    held    [student, skill, 3]  … and known to be held; prerequisites first, then targets
    """

    tiers: Floats
    lacked: Floats
    held: Floats


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
    """The odds of a whole class, [student, q] and [student, g], with every skill's part in them."""
    p = np.concatenate([prerequisites, targets], axis=-1)
    q, m = prerequisites.shape[-1], p.shape[-1]
    known = np.broadcast_to(p[:, None, :], (len(p), m, m)).copy()
    each = np.arange(m)

    def with_each(value: float) -> Floats:
        known[:, each, each] = value
        return tier_probabilities(known[..., :q], known[..., q:])

    tiers = tier_probabilities(prerequisites, targets)
    return TierOdds(tiers, with_each(0.0), with_each(1.0))


def _enough(share: Fraction, of: int) -> int:
    """The smallest count that is at least this share, in exact arithmetic; one at the least."""
    return max(1, -(-share.numerator * of // share.denominator))
