"""Four ways to the posterior behind one argument, with one result.

    map      the top of the log joint; doubt from the scores of students (the default, seconds)
    laplace  the same top; doubt from the curvature there, items together with everything else
    svi      a normal for every effect and scale, fitted to mini-batches of students
    nuts     draws from the posterior itself: the reference, for small courses

Each result is checked: what speaks against it is named in `problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import InvalidInput
from engine.tables import Floats

from .fitting import FLAT, Fitted, fit_map
from .ingredients import METHODS
from .responses import Laid
from .story import Scales, Shape
from .uncertainty import around, drawn


@dataclass(frozen=True)
class Draw:
    """One set of standard normal effects and the scales that go with it."""

    values: Mapping[str, Floats]
    scales: Scales


@dataclass(frozen=True)
class Inferred:
    """An estimate, draws around it, and how it came about.

    errors    standard errors of items' and pairs' easiness, in logits
    trail     log joint (map, laplace), ELBO per answer (svi) or log joint (nuts), step by step
    r_hat     largest potential scale reduction of any effect (nuts)
    effective independent draws that the chains are worth, of the effect that mixed worst (nuts)
    problems  what speaks against trusting it, in words; empty if nothing does
    """

    method: str
    fitted: Fitted
    draws: tuple[Draw, ...]
    errors: Mapping[str, Floats]
    trail: tuple[float, ...]
    problems: tuple[str, ...] = ()
    r_hat: float = 1.0
    effective: float = float("inf")
    divergences: int = 0

    def ease(self, site: str) -> Floats:
        """Items' or pairs' easiness at the estimate, in logits."""
        return np.asarray(self.fitted.values[site] * getattr(self.fitted.scales, site))

    @property
    def converged(self) -> bool:
        return not self.problems


def infer(laid: Laid, shape: Shape, *, method: str = "map", seed: int = 0) -> Inferred:
    """The posterior by one of `METHODS`. Raises `InvalidInput` for another, or where it cannot."""
    ways: dict[str, Callable[[Laid, Shape, int], Inferred]] = {
        "map": _by_scores,
        "laplace": _by_curvature,
        "svi": _by_svi,
        "nuts": _by_nuts,
    }
    if method not in ways:
        raise InvalidInput.at("inference", method, f"one of {', '.join(METHODS)}")
    return ways[method](laid, shape, seed)


def at_the_top(
    method: str, fitted: Fitted, draws: list[dict[str, Floats]], errors: dict[str, Floats]
) -> Inferred:
    """The result of a method that stays at the top found by `fit_map`."""
    problems = () if fitted.converged else (f"slope {fitted.slope:.2g} left, above {FLAT}",)
    return Inferred(
        method=method,
        fitted=fitted,
        draws=tuple(Draw({**fitted.values, **one}, fitted.scales) for one in draws),
        errors=errors,
        trail=fitted.objective,
        problems=problems,
    )


def _by_scores(laid: Laid, shape: Shape, seed: int) -> Inferred:
    fitted = fit_map(laid, shape)
    return at_the_top("map", fitted, *drawn(fitted, laid, shape, seed=seed))


def _by_curvature(laid: Laid, shape: Shape, seed: int) -> Inferred:
    fitted = fit_map(laid, shape)
    return at_the_top("laplace", fitted, *around(fitted, laid, shape, seed=seed))


def _by_svi(laid: Laid, shape: Shape, seed: int) -> Inferred:
    from .svi import by_svi

    return by_svi(laid, shape, seed=seed)


def _by_nuts(laid: Laid, shape: Shape, seed: int) -> Inferred:
    from .nuts import by_nuts

    return by_nuts(laid, shape, seed=seed)


def facts_of(found: Inferred) -> dict[str, Any]:
    """What a bundle reports of its fit."""
    return {
        "inference": found.method,
        "log_likelihood": found.fitted.log_likelihood,
        "converged": found.converged,
        "problems": list(found.problems),
        "evaluations": len(found.trail),
        "largest_slope": found.fitted.slope,
    }
