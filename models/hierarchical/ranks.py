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

import numpy as np
import torch

from engine.ability import grid
from engine.contexts import LAG
from engine.effects import rates_of
from engine.tables import Floats, Integers

from .fitting import NODES, numbers, tensors
from .kernel import marginals
from .responses import laid_out
from .simulating import HALF, School, without_pairs
from .story import effects_of

DRAWS, THIN = 9, 4
"""Posterior draws beside the truth, and steps between two of them: ranks go from 0 to 9."""


def ranks(school: School, *, seed: int, draws: int = DRAWS, thin: int = THIN) -> Integers:
    """The rank of every true effect among posterior draws, [effect], 0 to `draws`."""
    chance = np.random.default_rng((seed, 11))
    likelihood, truth = likelihood_of(school), flat_of(school)
    before = int(chance.integers(0, draws + 1))
    found = np.zeros(len(truth), dtype=np.int64)
    for steps in (before, draws - before):
        state, height = truth, likelihood(truth)
        for _ in range(steps):
            for _ in range(thin):
                state, height = sliced(state, height, likelihood, chance)
            found += state < truth
    return found


def flat_of(school: School) -> Floats:
    """The true effects that the model has, one after the other; recent answers have none."""
    return np.concatenate([school.values[site].ravel() for site in _sites(school)])


def likelihood_of(school: School) -> Callable[[Floats], float]:
    """The log-likelihood of a school's answers, as a function of the effects."""
    laid = laid_out(school.events, average=HALF, gaps=LAG)
    chained, (abilities, weights) = without_pairs(laid.chained), grid(NODES)
    sites = _sites(school)

    def likelihood(flat: Floats) -> float:
        values, at = dict(school.values), 0
        for site in sites:
            size = school.values[site].size
            values[site] = flat[at : at + size].reshape(school.values[site].shape)
            at += size
        with torch.no_grad():
            effects = numbers(effects_of(tensors(values), school.scales, school.shape))
        found = marginals(laid.chains, rates_of(effects, chained), abilities, weights)
        return float(found.log_likelihood.sum())

    return likelihood


def _sites(school: School) -> list[str]:
    return [site for site in school.shape.sites if site != "past"]


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
