"""Simulation-based calibration: is the posterior that the kernel implies the right one?

The truth is drawn from the priors, answers from the truth (`simulating`), and the rank of the truth
among draws from the posterior must be uniform (Talts, Betancourt, Simpson, Vehtari & Gelman 2018).
The draws come from elliptical slice sampling (Murray, Adams & MacKay 2010), which needs nothing
but the likelihood. The truth stands at a random place in a chain run both ways from it, so that
ranks are exactly uniform however slowly the chain mixes (Gandy & Scott 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, log, pi, sin
from typing import Any

import numpy as np
import torch

from engine.ability import grid
from engine.contexts import LAG
from engine.effects import rates_of
from engine.tables import Floats, Integers

from .fitting import NODES, numbers, tensors
from .kernel import Found, marginals
from .responses import laid_out
from .simulating import HALF, School
from .story import effects_of

DRAWS, THIN = 9, 4
"""Posterior draws beside the truth, and steps between two of them: ranks go from 0 to 9."""
ABILITY = "ability"


def ranks(
    school: School, *, seed: int, draws: int = DRAWS, thin: int = THIN
) -> dict[str, Integers]:
    """The rank of every true effect, by site, and of every student's ability, 0 to `draws`."""
    chance = np.random.default_rng((seed, 11))
    posterior, truth = Posterior(school), flat_of(school)
    before = int(chance.integers(0, draws + 1))
    effects = np.zeros(len(truth), dtype=np.int64)
    abilities = np.zeros(len(school.ability), dtype=np.int64)
    for steps in (before, draws - before):
        state, height = truth, posterior.likelihood(truth)
        for _ in range(steps):
            for _ in range(thin):
                state, height = sliced(state, height, posterior.likelihood, chance)
            effects += state < truth
            abilities += _below(posterior.abilities(state, chance), school.ability, chance)
    return {**posterior.sites(effects), ABILITY: abilities}


def flat_of(school: School) -> Floats:
    """The true effects, one after the other."""
    return np.concatenate([school.values[site].ravel() for site in school.shape.sites])


def _below(drawn: Floats, truth: Floats, chance: np.random.Generator) -> Integers:
    """1 where a draw lies below the truth; abilities lie on a grid, so that ties are broken."""
    tied = (drawn == truth) & (chance.random(len(truth)) < 0.5)
    return np.asarray((drawn < truth) | tied, dtype=np.int64)


class Posterior:
    """What a school's answers say of its effects, and of abilities given the effects."""

    def __init__(self, school: School) -> None:
        self.school = school
        laid = laid_out(school.events, average=HALF, gaps=LAG)
        self.chains, self.chained, self.nodes = laid.chains, laid.chained, grid(NODES)

    def likelihood(self, flat: Floats) -> float:
        """The log-likelihood of the answers under these effects."""
        return float(self._found(flat).log_likelihood.sum())

    def abilities(self, flat: Floats, chance: np.random.Generator) -> Floats:
        """Every student's ability, drawn given these effects, [student]."""
        reached = np.cumsum(self._found(flat).posterior, axis=1)
        node = (reached < chance.random((len(reached), 1))).sum(axis=1)
        return np.asarray(self.nodes[0][np.minimum(node, NODES - 1)])

    def sites(self, flat: Any) -> dict[str, Any]:
        """One number an effect, by site."""
        found, at = {}, 0
        for site, size in self.school.shape.sites.items():
            width = int(np.prod(size))
            found[site] = flat[at : at + width].reshape(size)
            at += width
        return found

    def _found(self, flat: Floats) -> Found:
        with torch.no_grad():
            values = tensors(self.sites(flat))
            effects = numbers(effects_of(values, self.school.scales, self.school.shape))
        return marginals(self.chains, rates_of(effects, self.chained), *self.nodes)


def sliced(
    state: Floats, height: float, likelihood: Callable[[Floats], float], chance: np.random.Generator
) -> tuple[Floats, float]:
    """One step of elliptical slice sampling under a standard normal prior.

    >>> one = sliced(np.zeros(1), 0.0, lambda x: 0.0, np.random.default_rng(0))
    >>> one[1]
    0.0
    """
    other = chance.standard_normal(len(state))
    level = height + log(1.0 - chance.random())
    angle = 2.0 * pi * chance.random()
    low, high = angle - 2.0 * pi, angle
    while True:
        moved = cos(angle) * state + sin(angle) * other
        found = likelihood(moved)
        if found > level:
            return moved, found
        low, high = (low, angle) if angle > 0.0 else (angle, high)
        angle = low + (high - low) * chance.random()


def unevenness(found: Integers, draws: int = DRAWS) -> float:
    """χ² of ranks against a uniform distribution, by its degrees of freedom: about 1 if they are.

    >>> unevenness(np.arange(10))
    0.0
    """
    counted = np.bincount(found.ravel(), minlength=draws + 1)
    expected = found.size / (draws + 1)
    return float(((counted - expected) ** 2 / expected).sum() / draws)
