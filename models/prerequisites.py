"""What needs what: how much the lack of each prerequisite takes from learning, by the log.

At every opportunity the student learns with P = rate × Π over prerequisites of
(1 − strength × P(missing)). Each listed edge has a posterior on a grid; edges that nobody listed
are weighed all together, for the log hardly tells one of them from another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.tables import Floats, Integers

Bools = NDArray[np.bool_]

STRENGTHS = np.array([0.0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
"""What a missing prerequisite can take away: the grid that its posterior is held on."""
LISTED_PRIOR = np.array([0.16, 0.04, 0.08, 0.14, 0.16, 0.14, 0.12, 0.10, 0.06])
"""For an edge of the curriculum: most likely true, .5 at the mean, and unreal one time in six."""
UNLISTED = np.array([0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2])
"""What lacking a skill of the unit before may take away though it is not listed, all alike: the
log hardly tells one such edge from another, but it tells whether there are any."""
UNLISTED_REAL, FOUND_FROM = 0.1, 0.9
"""How often a skill of the unit before is needed though not listed, before data; and P(needed) from
which such an edge counts by itself."""
CONTRADICTED_BELOW = 0.1
"""P(an edge is real) below which it is reported to the curriculum's owner."""


class Edge(NamedTuple):
    """What the log says of one prerequisite: its strength, and P(it is real)."""

    skill: int
    needs: int
    strength: float
    real: float

    @property
    def contradicted(self) -> bool:
        """The log says that lacking it takes nothing away."""
        return self.real < CONTRADICTED_BELOW


class Opportunities(NamedTuple):
    """Activities as opportunities to learn, [event].

    skill     that was worked on
    missing   [event, skill] P(each skill was missing)
    lifted    P(the student learnt), given all answers
    rate      the expected times of learning, were nothing missing
    """

    skill: Integers
    missing: Floats
    lifted: Floats
    rate: Floats


def strengths(
    chances: Opportunities, needs: Floats, listed: Bools, unlisted: Bools
) -> tuple[tuple[Edge, ...], Floats]:
    """The posterior of every listed edge, one after the other, and what all others take away.

    `needs` [skill, skill] holds the strengths so far; they are given back renewed.
    """
    needs, edges = needs.copy(), []
    for skill in range(len(needs)):
        at = np.flatnonzero(chances.skill == skill)
        missing, lifted = chances.missing[at], chances.lifted[at]
        for needed in np.flatnonzero(listed[skill]):
            needs[skill, needed] = 0.0
            rest = chances.rate[at] * np.prod(1.0 - needs[skill] * missing, axis=1)
            found = posterior(missing[:, needed], lifted, rest)
            needs[skill, needed] = found @ STRENGTHS
            edges.append(Edge(skill, int(needed), float(found @ STRENGTHS), float(1.0 - found[0])))
    prior = np.r_[1.0 - UNLISTED_REAL, UNLISTED_REAL * LISTED_PRIOR[1:] / LISTED_PRIOR[1:].sum()]
    for skill in range(len(needs)):
        at = np.flatnonzero(chances.skill == skill)
        missing, lifted = chances.missing[at], chances.lifted[at]
        for needed in np.flatnonzero(unlisted[skill]):
            needs[skill, needed] = 0.0
            rest = chances.rate[at] * np.prod(1.0 - needs[skill] * missing, axis=1)
            needs[skill, needed] = posterior(missing[:, needed], lifted, rest, prior) @ STRENGTHS
    return tuple(edges), needs


def posterior(
    missing: Floats, lifted: Floats, rate: Floats, prior: Floats = LISTED_PRIOR
) -> Floats:
    """P(strength) on the grid, from how often students learnt with and without the prerequisite.

    `missing` is the chance that it was missing at each opportunity, `lifted` that the student
    learnt, `rate` the expected number of times at full speed (a Poisson likelihood).

    >>> found = posterior(np.ones(40), np.zeros(40), np.full(40, 0.2))
    >>> bool(found @ STRENGTHS > 0.75)
    True
    """
    left = 1.0 - STRENGTHS[:, None] * missing
    fit = (lifted * np.log(left) - rate * left).sum(axis=1) + np.log(prior)
    weights = np.exp(fit - fit.max())
    return np.asarray(weights / weights.sum())
