"""MAP by L-BFGS, and the scales of the groups by empirical Bayes, in turn.

Given the scales, the log joint is climbed in coordinates in which every effect has about the same
curvature. Given the top, every scale moves to where the effects of its group, and how uncertain
they are, put it (MacKay 1992): τ² ← τ² · Σ z² / Σ (1 − 1/h), with h the precision of the standard
normal effect z and information by the outer product of the scores of chains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.ability import REACH, grid
from engine.effects import Effects, Situations, rates_of
from engine.tables import Floats

from .information import chain_information
from .kernel import marginals
from .responses import Laid
from .story import SLACK, SPREAD, Scales, Shape, Values, effects_of, log_joint

ROUNDS = 4
STEPS = 60
"""Scales are learnt between rounds of at most so many steps; the last round climbs on."""
LAST_STEPS = 150
REMEMBERED = 30  # steps that L-BFGS sees the curvature by
FLAT = 0.05
"""Largest slope, by an effect in its own standard errors, at which a top counts as reached: a
hundredth of a standard error away from it, about."""
LEAST_SCALE, LARGEST_SCALE = 0.05, 3.0
SHORT, NODES, MANY_NODES = 300, 17, 33
"""Nodes of the grid for students with up to so many responses, and for longer histories, whose
ability is known more exactly than the coarse grid could say."""
LEARNT = ("single", "combination", "sensitivity", "item", "past", "pair")
KEPT = {"single": (2, 3, 4), "combination": (2, 3, 4)}
"""Columns whose scale is given: forget, guess and known, so that mastery means the same in every
skill."""


@dataclass(frozen=True)
class Fitted:
    """The top: standard normal effects, their scales, and how the climb went.

    information  [site] curvature of the log-likelihood in every effect, in the shape of the values
    objective    log joint after every evaluation
    slope        the largest slope left, by an effect in its own standard errors
    """

    values: dict[str, Floats]
    scales: Scales
    information: dict[str, Floats]
    log_likelihood: float
    objective: tuple[float, ...]
    slope: float
    nodes: int

    @property
    def converged(self) -> bool:
        return self.slope < FLAT


@dataclass
class Climb:
    """A climb in progress, in coordinates y = z · √h."""

    laid: Laid
    shape: Shape
    nodes: int
    scales: Scales
    values: dict[str, Floats]
    chained: Situations
    trail: list[float]

    def steps(self, information: dict[str, Floats], most: int) -> float:
        """Climbs at most so many steps; gives the largest slope left."""
        roots = {n: np.sqrt(1.0 + information[n]) for n in self.values}
        y = {n: torch.tensor(v * roots[n], requires_grad=True) for n, v in self.values.items()}
        scaled = {n: torch.from_numpy(1.0 / root) for n, root in roots.items()}
        climber = torch.optim.LBFGS(
            list(y.values()),
            max_iter=most,
            history_size=REMEMBERED,
            tolerance_grad=FLAT,
            tolerance_change=0.0,
            line_search_fn="strong_wolfe",
        )

        def closure() -> Tensor:
            climber.zero_grad()
            z = {n: y[n] * scaled[n] for n in y}
            found = -self.log_joint(z)
            found.backward()  # type: ignore[no-untyped-call]
            self.trail.append(-float(found.detach()))
            return found

        climber.step(closure)  # type: ignore[no-untyped-call]
        closure()
        self.values = {n: (y[n] * scaled[n]).detach().numpy() for n in y}
        slopes = [v.grad for v in y.values() if v.numel() and v.grad is not None]
        return max(float(slope.abs().max()) for slope in slopes)

    def log_joint(self, values: Values) -> Tensor:
        """The log joint of standard normal values."""
        chains = self.laid.chains
        return log_joint(values, self.scales, self.shape, chains, self.chained, self.nodes)


def fit_map(laid: Laid, shape: Shape, scales: Scales | None = None) -> Fitted:
    """The top of the log joint; with `scales` given, under those, else with learnt ones."""
    longest = int(np.diff(laid.history.starts).max(initial=0))
    nodes = (NODES if longest <= SHORT else MANY_NODES) if shape.ingredients.ability else 1
    start = {site: np.zeros(size) for site, size in shape.sites.items()}
    climb = Climb(laid, shape, nodes, scales or Scales(), start, laid.chained, [])
    information = _information(climb)
    if scales is None:
        for _ in range(ROUNDS):
            climb.steps(information, STEPS)
            information = _information(climb)
            _rescale(climb, information)
    slope = climb.steps(information, LAST_STEPS)
    information = _information(climb)
    likelihood = climb.trail[-1] + 0.5 * sum(float((v**2).sum()) for v in climb.values.values())
    return Fitted(
        climb.values, climb.scales, information, likelihood, tuple(climb.trail), slope, nodes
    )


def tensors(values: dict[str, Floats]) -> Values:
    """The values as tensors."""
    return {name: torch.from_numpy(value) for name, value in values.items()}


def numbers(effects: Any) -> Effects:
    """Effects as arrays."""
    return Effects(*(effect.detach().numpy() for effect in effects))


def _information(climb: Climb) -> dict[str, Floats]:
    """Curvature of the log-likelihood in every standard normal effect, from chains' scores."""
    values = tensors(climb.values)
    with torch.no_grad():
        effects = numbers(effects_of(values, climb.scales, climb.shape))
    rates = rates_of(effects, climb.chained)
    slopes = marginals(climb.laid.chains, rates, *grid(climb.nodes)).slopes
    found = chain_information(slopes, climb.chained, climb.laid.chains, effects)
    return _by_site(found, effects, climb.scales, climb.shape)


def _by_site(found: Effects, effects: Effects, scales: Scales, shape: Shape) -> dict[str, Floats]:
    """Information about effects as information about the standard normal values behind them."""
    # guess = −exp(·) and known = exp(·): a change of the logarithm moves the logit by the logit
    chain = np.concatenate([np.ones((shape.skills, 3)), effects.skill[:, 3:]], axis=1)
    of_skill = found.skill * chain**2
    starts, part = shape.parts
    sizes = np.diff(starts)
    share = np.repeat(of_skill / sizes[:, None] ** 2, sizes, axis=0)
    single = np.zeros((shape.parts.singles, 5))
    np.add.at(single, part, share)
    most = (effects.skill[:, 4] - effects.skill[:, 3]) / REACH
    sensitivity = found.loadings[:, 3] * (most * 0.25) ** 2  # a share moves by ¼ at most
    joined = shape.joined[:, None] * np.ones(5)
    loading = np.append(found.loadings[:, :3].sum(axis=0), sensitivity.sum())
    return {
        "population": of_skill.sum(axis=0) * np.array(SPREAD["population"]) ** 2,
        "loading": loading * np.array(SPREAD["loading"]) ** 2,
        "past": found.past * scales.past**2,
        "gap_learn": found.gap_learn * SLACK**2,
        "gap_forget": found.gap_forget * SLACK**2,
        "opportunity": found.opportunity * SLACK**2,
        "single": single * np.array(scales.single) ** 2,
        "combination": of_skill * joined * np.array(scales.combination) ** 2,
        "sensitivity": sensitivity * scales.sensitivity**2,
        "item": found.item[:-1] * scales.item**2,
        "pair": found.pair[:-1] * scales.pair**2,
    }


def _rescale(climb: Climb, information: dict[str, Floats]) -> None:
    """Moves every learnt scale to where its group's effects put it, the effects staying."""
    for name in LEARNT:
        value, old = climb.values[name], np.array(getattr(climb.scales, name))
        if value.size == 0:
            continue
        determined = (1.0 - 1.0 / (1.0 + information[name])).sum(axis=0)
        # one effect's worth of the old scale stands beside what the group says
        ratio = np.sqrt(((value**2).sum(axis=0) + 1.0) / (determined + 1.0))
        new = np.clip(old * ratio, LEAST_SCALE, LARGEST_SCALE)
        for column in KEPT.get(name, ()):
            new[column] = old[column]
        climb.values[name] = value * (old / new)
        kept: Any = tuple(new.tolist()) if new.ndim else float(new)
        climb.scales = replace(climb.scales, **{name: kept})
