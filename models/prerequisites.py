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
LEAST = 1e-12  # of what was met: nothing at all has no logarithm
CONTRADICTED_BELOW = 0.1
"""P(an edge is real) below which it is reported to the curriculum's owner."""


class Edge(NamedTuple):
    """What the log says of one prerequisite.

    strength, spread  the posterior's mean and standard deviation
    real              P(lacking it takes anything away)
    chances           how often, at full speed, students would have learnt the skill while they
                      lacked this one: what the log has to go by
    """

    skill: int
    needs: int
    strength: float
    spread: float
    real: float
    chances: float

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
    chances: Opportunities,
    needs: Floats,
    listed: Bools,
    unlisted: Bools,
    *,
    free_rates: bool = False,
) -> tuple[tuple[Edge, ...], Floats]:
    """The posterior of every listed edge, one after the other, and what all others take away.

    `needs` [skill, skill] holds the strengths so far; they are given back renewed. With
    `free_rates` nothing is taken as known of how fast the skills themselves are learnt.
    """
    needs, edges = needs.copy(), []
    of_listed = posterior_at_any_rate if free_rates else posterior
    for skill in range(len(needs)):
        at = np.flatnonzero(chances.skill == skill)
        missing, lifted = chances.missing[at], chances.lifted[at]
        for needed in np.flatnonzero(listed[skill]):
            needs[skill, needed] = 0.0
            rest = chances.rate[at] * np.prod(1.0 - needs[skill] * missing, axis=1)
            found = of_listed(missing[:, needed], lifted, rest)
            needs[skill, needed] = found @ STRENGTHS
            met = float((chances.rate[at] * missing[:, needed]).sum())
            edges.append(_edge(skill, int(needed), found, met))
    prior = np.r_[1.0 - UNLISTED_REAL, UNLISTED_REAL * LISTED_PRIOR[1:] / LISTED_PRIOR[1:].sum()]
    for skill in range(len(needs)):
        at = np.flatnonzero(chances.skill == skill)
        missing, lifted = chances.missing[at], chances.lifted[at]
        for needed in np.flatnonzero(unlisted[skill]):
            needs[skill, needed] = 0.0
            rest = chances.rate[at] * np.prod(1.0 - needs[skill] * missing, axis=1)
            needs[skill, needed] = posterior(missing[:, needed], lifted, rest, prior) @ STRENGTHS
    return tuple(edges), needs


def _edge(skill: int, needs: int, found: Floats, chances: float) -> Edge:
    mean = found @ STRENGTHS
    spread = np.sqrt(max(found @ STRENGTHS**2 - mean**2, 0.0))
    return Edge(skill, needs, float(mean), float(spread), float(1.0 - found[0]), chances)


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


def posterior_at_any_rate(missing: Floats, lifted: Floats, rate: Floats) -> Floats:
    """`posterior`, with the skill's own rate unknown by a factor λ of prior 1 / λ, integrated out:
    ∫ λⁿ⁻¹ e^(−λ Σ rate · left) dλ ∝ (Σ rate · left)⁻ⁿ, with n learnt in all.

    A skill that everybody learns slowly, with the prerequisite or without, is slow by itself.

    >>> half = np.repeat([0.0, 1.0], 40)
    >>> found = posterior_at_any_rate(half, np.full(80, 0.1), np.full(80, 0.3))
    >>> bool(found @ STRENGTHS < posterior(half, np.full(80, 0.1), np.full(80, 0.3)) @ STRENGTHS)
    True
    """
    left = 1.0 - STRENGTHS[:, None] * missing
    exposed = np.maximum((rate * left).sum(axis=1), LEAST)
    fit = (lifted * np.log(left)).sum(axis=1) - lifted.sum() * np.log(exposed)
    weights = np.exp(fit - fit.max()) * LISTED_PRIOR
    return np.asarray(weights / weights.sum())
