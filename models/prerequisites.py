"""What needs what: how much the lack of each prerequisite takes from learning, by the log.

At every opportunity the student learns with P = rate × Π over prerequisites of
(1 − strength × P(missing)). Each edge has a posterior on a grid: those of the curriculum, and those
from a unit to the one before that nobody listed.
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
UNLISTED_REAL = 0.1
"""How often a skill of the unit before is needed though not listed, before data."""
UNLISTED_PRIOR = np.r_[1.0 - UNLISTED_REAL, UNLISTED_REAL * LISTED_PRIOR[1:] / 0.84]
PRIOR_EDGES = 20.0
"""Edges that the prior is worth: a course's edges tell together how strong they are as a rule."""
LEAST = 1e-12  # of what was met: nothing at all has no logarithm
CONTRADICTED_BELOW = 0.2
"""P(an edge is real) below which it is reported to the curriculum's owner: the log speaks twenty
times rather against it than for it."""


class Edge(NamedTuple):
    """What the log says of one prerequisite, whatever it says of others.

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


class Priors(NamedTuple):
    """How strong an edge is, P on the grid, before its own data: of the listed, and of the rest."""

    listed: Floats = LISTED_PRIOR
    unlisted: Floats = UNLISTED_PRIOR


def strengths(
    chances: Opportunities,
    needs: Floats,
    listed: Bools,
    unlisted: Bools,
    priors: Priors,
) -> tuple[tuple[Edge, ...], Floats, Priors]:
    """The posterior of every edge, one after the other, listed ones first.

    `needs` [skill, skill] holds the strengths so far; they are given back renewed, and so is what
    all the edges say about any edge (empirical Bayes).
    """
    needs, edges = needs.copy(), []
    seen: tuple[list[Floats], list[Floats]] = ([], [])
    events = [np.flatnonzero(chances.skill == skill) for skill in range(len(needs))]
    for which, prior, found in zip((listed, unlisted), priors, seen, strict=True):
        for skill, needed in np.argwhere(which):
            needs[skill, needed] = 0.0
            own, met = _weighed(chances, needs[skill], int(needed), events[skill], prior)
            needs[skill, needed] = own @ STRENGTHS
            found.append(own)
            if which is listed:
                alone = own / prior * LISTED_PRIOR  # what is reported owes nothing to other edges
                edges.append(_edge(int(skill), int(needed), alone / alone.sum(), met))
    renewed = Priors(_renewed(LISTED_PRIOR, seen[0]), _renewed(UNLISTED_PRIOR, seen[1]))
    return tuple(edges), needs, renewed


def _weighed(
    chances: Opportunities, needs: Floats, needed: int, at: Integers, prior: Floats
) -> tuple[Floats, float]:
    """An edge's posterior, the others of its skill as they are; and how often it was met."""
    missing = chances.missing[at]
    rest = chances.rate[at] * np.prod(1.0 - needs * missing, axis=1)
    met = float((chances.rate[at] * missing[:, needed]).sum())
    return posterior(missing[:, needed], chances.lifted[at], rest, prior), met


def _renewed(prior: Floats, found: list[Floats]) -> Floats:
    counts = PRIOR_EDGES * prior + np.sum(found, axis=0)
    return np.asarray(counts / counts.sum())


def _edge(skill: int, needs: int, found: Floats, chances: float) -> Edge:
    mean = found @ STRENGTHS
    spread = np.sqrt(max(found @ STRENGTHS**2 - mean**2, 0.0))
    return Edge(skill, needs, float(mean), float(spread), float(1.0 - found[0]), chances)


def posterior(
    missing: Floats, lifted: Floats, rate: Floats, prior: Floats = LISTED_PRIOR
) -> Floats:
    """P(strength) on the grid, from how often students learnt with and without the prerequisite.

    `missing` is the chance that it was missing at each opportunity, `lifted` that the student
    learnt, `rate` the expected number of times at full speed, right but for a factor λ of prior
    1 / λ that is integrated out: ∫ λⁿ⁻¹ e^(−λ Σ rate · left) dλ ∝ (Σ rate · left)⁻ⁿ, with n
    learnt in all. A skill learnt slowly with the prerequisite and without is slow by itself.

    >>> with_it, without = np.zeros(40), np.ones(40)
    >>> missing, learnt = np.r_[with_it, without], np.r_[np.full(40, 0.2), np.zeros(40)]
    >>> bool(posterior(missing, learnt, np.full(80, 0.2)) @ STRENGTHS > 0.75)
    True
    >>> slow_anyway = posterior(missing, np.full(80, 0.05), np.full(80, 0.2))
    >>> bool(slow_anyway @ STRENGTHS < 0.45)
    True
    """
    left = 1.0 - STRENGTHS[:, None] * missing
    exposed = np.maximum((rate * left).sum(axis=1), LEAST)
    fit = (lifted * np.log(left)).sum(axis=1) - lifted.sum() * np.log(exposed)
    weights = np.exp(fit - fit.max()) * prior
    return np.asarray(weights / weights.sum())
