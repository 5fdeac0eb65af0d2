"""Laplace's approximation: how sure the fit is of every effect, and draws that are as unsure.

Two roads to the curvature at the top: the outer product of students' scores, which costs one pass
over all answers, or differences of exact gradients, two passes for every effect. Everything is
uncertain together, items and pairs with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch

from engine.errors import InvalidInput
from engine.tables import Floats

from .fitting import Fitted
from .responses import Laid
from .scores import Scores, scores_of
from .story import Shape, log_joint

DRAWS = 20
"""Parameter sets beside the estimate, in opposite pairs. Each is followed on every node of ability,
so that an interval rests on hundreds of weighted values."""
MOST_SCORED = 3_000_000
"""Responses whose scores are kept student by student; beyond, every effect is uncertain on its own,
and ability is most of what is not known."""
MOST_ROUNDS, CLOSE = 500, 1e-4
"""Of conjugate gradients: how many rounds, and what may be left of the length to begin with."""
MOST_CURVED = 1_000
"""Effects whose curvature is found by differences of gradients: two passes over all data each."""
STEP = 1e-3  # of a standard normal effect
LEAST_CURVATURE = 0.2
"""No effect is more uncertain than √5 prior standard deviations: the log joint is not curved
downwards everywhere along the grid of abilities."""
OWN = ("item", "pair")
"""Sites that are too large to travel draw by draw: each effect goes with its standard error."""


def drawn(
    fitted: Fitted, laid: Laid, shape: Shape, *, draws: int = DRAWS, seed: int = 0
) -> tuple[list[dict[str, Floats]], dict[str, Floats]]:
    """Values of every site but those of `OWN` in draws around the top, and the errors of `OWN`."""
    if len(laid.order) > MOST_SCORED:
        away, variances = _each_alone(fitted, draws, seed)
    else:
        away, variances = posterior_draws(scores_of(fitted, laid, shape), draws, seed)
    centre, sites = _flat(fitted.values, shape.sites), list(shape.sites)
    errors = _split(np.sqrt(variances), shape, sites)
    found = [_split(centre + one, shape, sites) for one in away]
    kept = [{n: v for n, v in one.items() if n not in OWN} for one in found]
    return kept, {site: errors[site] * getattr(fitted.scales, site) for site in OWN}


def posterior_draws(scores: Scores, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Draws from N(0, (1 + Σ s sᵀ)⁻¹), [draw, effect], in opposite pairs, and every variance.

    A draw is what is left where prior and students' scores are each moved by chance
    (Papandreou & Yuille 2010). Variances are 1/(precision) given all else plus how far that
    centre moves from draw to draw.

    >>> one = Scores(np.array([0, 1]), np.array([0]), np.array([np.sqrt(3.0)]), 1)
    >>> draws, variance = posterior_draws(one, 2000, seed=0)
    >>> bool(abs(draws.var() - 0.25) < 0.02), variance.round(12)
    (True, array([0.25]))
    """
    chance, half = np.random.default_rng(seed), draws // 2
    prior = chance.standard_normal((scores.size, half))
    moved = prior + scores.summed(chance.standard_normal((len(scores.starts) - 1, half)))
    precision = 1.0 + scores.information()
    found = _solved(scores, precision, moved)
    centre = found - moved / precision[:, None]
    return np.concatenate([found.T, -found.T]), 1.0 / precision + (centre**2).mean(axis=1)


def _solved(scores: Scores, precision: Floats, right: Floats) -> Floats:
    """x of (1 + Σ s sᵀ) x = right, [effect, direction], by conjugate gradients (Hestenes & Stiefel
    1952), each effect measured by its own precision."""
    weight = 1.0 / precision[:, None]
    x, left = np.zeros_like(right), right.copy()
    scaled = weight * left
    direction, height = scaled, (left * scaled).sum(axis=0)
    enough = CLOSE**2 * height
    for _ in range(MOST_ROUNDS):
        if (height <= enough).all():
            break
        along = direction + scores.summed(scores.along(direction))
        length = height / (direction * along).sum(axis=0)
        x, left = x + length * direction, left - length * along
        scaled = weight * left
        before, height = height, (left * scaled).sum(axis=0)
        direction = scaled + height / before * direction
    return x


def _each_alone(fitted: Fitted, draws: int, seed: int) -> tuple[Floats, Floats]:
    """The same where every effect is uncertain on its own."""
    variances = 1.0 / (1.0 + _flat(fitted.information, fitted.values))
    return _normals(draws, len(variances), seed) * np.sqrt(variances), variances


def around(
    fitted: Fitted, laid: Laid, shape: Shape, *, draws: int = DRAWS, seed: int = 0
) -> tuple[list[dict[str, Floats]], dict[str, Floats]]:
    """As `drawn`, by the curvature of the log joint at the top.

    The curvature is the difference of exact gradients on both sides of the top, effect by effect.
    Raises `InvalidInput` where there are too many effects for that.
    """
    sites = list(shape.sites)
    centre = _flat(fitted.values, sites)
    if len(centre) > MOST_CURVED:
        expected = f"map or svi: laplace takes at most {MOST_CURVED:,} effects"
        raise InvalidInput.at("inference", f"laplace with {len(centre):,} effects", expected)
    root = np.linalg.cholesky(_curvature(fitted, laid, shape, centre))
    flats = centre + np.linalg.solve(root.T, _normals(draws, len(centre), seed).T).T
    inverse = np.linalg.inv(root)
    errors = _split(np.sqrt((inverse**2).sum(axis=0)), shape, sites)
    own = {site: errors[site] * getattr(fitted.scales, site) for site in OWN}
    return [_split(flat, shape, sites) for flat in flats], own


def _normals(draws: int, size: int, seed: int) -> Floats:
    half = np.random.default_rng(seed).standard_normal((draws // 2, size))
    return np.concatenate([half, -half])


def _curvature(fitted: Fitted, laid: Laid, shape: Shape, centre: Floats) -> Floats:
    """−∂² log joint, [effect, effect], made positive definite where rounding left it not."""
    chained, sites = laid.chained, list(shape.sites)

    def slope(flat: Floats) -> Floats:
        z = {n: torch.tensor(v, requires_grad=True) for n, v in _split(flat, shape, sites).items()}
        log_joint(z, fitted.scales, shape, laid.chains, chained, fitted.nodes).backward()  # type: ignore[no-untyped-call]
        return np.concatenate([z[n].grad.numpy().ravel() for n in sites])  # type: ignore[union-attr]

    found = np.empty((len(centre), len(centre)))
    for at in range(len(centre)):
        step = np.zeros(len(centre))
        step[at] = STEP
        found[at] = (slope(centre - step) - slope(centre + step)) / (2.0 * STEP)
    values, axes = np.linalg.eigh((found + found.T) / 2.0)
    return np.asarray((axes * np.maximum(values, LEAST_CURVATURE)) @ axes.T)


def _flat(values: dict[str, Floats], sites: Iterable[str]) -> Floats:
    """The values of all sites, one after the other."""
    return np.concatenate([values[site].ravel() for site in sites])


def _split(flat: Floats, shape: Shape, sites: Sequence[str]) -> dict[str, Floats]:
    found, at = {}, 0
    for site in sites:
        size = int(np.prod(shape.sites[site]))
        found[site] = flat[at : at + size].reshape(shape.sites[site])
        at += size
    return found
