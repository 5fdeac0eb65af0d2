"""Draws from the posterior itself by the No-U-Turn sampler (Hoffman & Gelman 2014): the reference.

For small courses: its cost grows with the number of effects and of steps. Two chains, whose
agreement is measured by split R̂ (Gelman et al. 2013); divergent steps are counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyro
import torch
from pyro.infer import MCMC, NUTS
from pyro.infer.autoguide.initialization import init_to_value

from engine.errors import InvalidInput
from engine.tables import Floats

from .fitting import Fitted, fit_map, tensors
from .inference import Draw, Inferred
from .responses import Laid
from .story import Scales, Shape, responses
from .uncertainty import DRAWS, OWN

MOST_EFFECTS = 400
CHAINS, WARM_UP, KEPT = 2, 200, 200
DEEPEST = 5  # doublings of a trajectory
LEAST_EFFECTIVE = 50
"""Independent draws that the chains are worth at least, of every effect: below, means are off by
more than a seventh of a standard deviation."""
AGREED = 1.05
"""R̂ above this says that the chains have not found the same posterior (Vehtari et al. 2021 ask
for 1.01 of long chains; these are short)."""


def by_nuts(
    laid: Laid, shape: Shape, *, seed: int = 0, warm_up: int = WARM_UP, kept: int = KEPT
) -> Inferred:
    """Draws from the posterior given the learnt scales. Raises `InvalidInput` for large courses."""
    effects = sum(int(np.prod(size)) for size in shape.sites.values())
    if effects > MOST_EFFECTS:
        expected = f"map, laplace or svi: nuts is for courses of at most {MOST_EFFECTS} effects"
        raise InvalidInput.at("inference", f"nuts with {effects} effects", expected)
    fitted = fit_map(laid, shape)
    found, diverged = sampled(laid, shape, fitted, seed=seed, warm_up=warm_up, kept=kept)
    return _inferred(fitted, found, diverged)


def sampled(
    laid: Laid, shape: Shape, fitted: Fitted, *, seed: int, warm_up: int, kept: int
) -> tuple[dict[str, Floats], int]:
    """Draws given the scales of the top, [chain, draw, …] by site, and how many steps diverged."""
    chains = [_chain(laid, shape, fitted, seed + c, warm_up, kept) for c in range(CHAINS)]
    found = {n: np.stack([draws[n] for draws, _ in chains]) for n in shape.sites}
    return found, sum(diverged for _, diverged in chains)


def _chain(
    laid: Laid, shape: Shape, fitted: Fitted, seed: int, warm_up: int, kept: int
) -> tuple[dict[str, Floats], int]:
    """One chain's draws by site, and its divergent steps."""
    with torch.random.fork_rng():
        pyro.set_rng_seed(seed)
        start = init_to_value(values=dict(tensors(fitted.values)))
        kernel = NUTS(responses, init_strategy=start, max_tree_depth=DEEPEST)
        sampler = MCMC(kernel, num_samples=kept, warmup_steps=warm_up, disable_progbar=True)
        sampler.run(shape, laid.chains, laid.chained, nodes=fitted.nodes, scales=fitted.scales)
        draws = {name: found.numpy() for name, found in sampler.get_samples().items()}
        diverged: Any = sampler.diagnostics().get("divergences", {})
    return draws, sum(len(steps) for steps in diverged.values())


def _inferred(fitted: Fitted, sampled: dict[str, Floats], divergences: int) -> Inferred:
    flat = {n: v.reshape(-1, *v.shape[2:]) for n, v in sampled.items()}
    mean = {n: v.mean(axis=0) for n, v in flat.items()}
    every = max(len(flat["population"]) // DRAWS, 1)
    worst = max(float(split_r_hat(v).max(initial=1.0)) for v in sampled.values())
    fewest = min(float(effective_draws(v).min(initial=np.inf)) for v in sampled.values())
    problems = [f"R-hat is {worst:.2f}, above {AGREED}"] if worst > AGREED else []
    if fewest < LEAST_EFFECTIVE:
        problems.append(f"worth {fewest:.0f} independent draws, below {LEAST_EFFECTIVE}")
    if divergences:
        problems.append(f"{divergences} divergent steps")
    scales: Scales = fitted.scales
    return Inferred(
        method="nuts",
        fitted=replace(fitted, values=mean),
        draws=tuple(
            Draw({n: v[at] for n, v in flat.items()}, scales)
            for at in range(every - 1, len(flat["population"]), every)[:DRAWS]
        ),
        errors={n: flat[n].std(axis=0) * getattr(scales, n) for n in OWN},
        trail=fitted.objective,
        problems=tuple(problems),
        r_hat=worst,
        effective=fewest,
        divergences=divergences,
    )


def split_r_hat(draws: Floats) -> Floats:
    """Potential scale reduction of [chain, draw, …], each chain split in two.

    >>> same = np.random.default_rng(0).normal(size=(2, 500))
    >>> bool(split_r_hat(same) < 1.01), bool(split_r_hat(same + [[0.0], [5.0]]) > 2.0)
    (True, True)
    """
    half = draws.shape[1] // 2
    split = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = split.var(axis=1, ddof=1).mean(axis=0)
    between = half * split.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((half - 1) / half + between / half / np.maximum(within, 1e-300)))


def effective_draws(draws: Floats) -> Floats:
    """How many independent draws [chain, draw, …] are worth, by effect: all of them over one plus
    twice the sum of autocorrelations, as far as neighbouring ones add up to more than nothing
    (Geyer 1992).

    >>> alone = np.random.default_rng(0).normal(size=(2, 500))
    >>> bool(600 < effective_draws(alone) <= 1000), bool(effective_draws(alone.cumsum(1)) < 30)
    (True, True)
    """
    chains, length = draws.shape[:2]
    middle = draws - draws.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(middle, 2 * length, axis=1)) ** 2
    covariance = np.fft.irfft(power, axis=1)[:, :length].mean(axis=0) / length
    spread = covariance[0] * length / (length - 1)
    if chains > 1:
        spread = covariance[0] + draws.mean(axis=1).var(axis=0, ddof=1)
    even = length - length % 2
    rho = 1.0 - (covariance[0] - covariance[:even]) / np.maximum(spread, 1e-300)
    rho[0] = 1.0
    pairs = rho[0::2] + rho[1::2]
    counted = np.logical_and.accumulate(pairs > 0.0, axis=0)
    total = 2.0 * np.where(counted, pairs, 0.0).sum(axis=0) - 1.0
    return np.asarray(np.minimum(chains * length / np.maximum(total, 1e-300), chains * length))
