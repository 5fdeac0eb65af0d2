"""Stochastic variational inference: a normal for every effect and scale, by mini-batches.

Pyro's AutoNormal guide (Kucukelbir et al. 2017) climbs the evidence lower bound from the top of
the log joint, on batches of students drawn anew at every step.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyro
import torch
from pyro.infer import SVI, Trace_ELBO
from pyro.infer.autoguide import AutoNormal, init_to_value
from pyro.optim import ClippedAdam

from engine.tables import Floats

from .batches import of_students
from .fitting import Fitted, fit_map, tensors
from .inference import Draw, Inferred
from .responses import Laid
from .story import LEARNT_SCALES, Scales, Shape, responses, scales_of
from .uncertainty import DRAWS, OWN

STEPS = 400
BATCH = 256  # students
RATE, LAST_RATE = 0.03, 0.003
START_SPREAD = 0.3  # of every normal, in its prior's standard deviations
LOOKED_AT = 0.25
"""Share of the steps at the end in which the bound must no longer rise by more than its noise."""
NOISE = 3.0  # standard errors


def by_svi(laid: Laid, shape: Shape, *, seed: int = 0, steps: int = STEPS) -> Inferred:
    """The variational posterior; starts from the top of the log joint under starting scales."""
    fitted = fit_map(laid, shape, Scales())
    with torch.random.fork_rng():
        pyro.set_rng_seed(seed)
        with pyro.get_param_store().scope():
            guide, trail = _climbed(laid, shape, fitted, steps, seed)
            with torch.no_grad():
                sites = [guide() for _ in range(DRAWS)]
                middle = guide.median()
                spread = [guide() for _ in range(10 * DRAWS)]
    centre = _draw(middle)
    errors = {n: _error(n, spread) for n in OWN}
    fitted = _moved(fitted, centre)
    return Inferred(
        method="svi",
        fitted=fitted,
        draws=tuple(_draw(one) for one in sites),
        errors=errors,
        trail=tuple(trail),
        problems=_problems(np.array(trail)),
    )


def _climbed(
    laid: Laid, shape: Shape, fitted: Fitted, steps: int, seed: int
) -> tuple[AutoNormal, list[float]]:
    """The fitted guide, and the bound per answer at every step."""
    chained, students = laid.chained, laid.students
    batch = min(BATCH, students)
    start = {**tensors(fitted.values), "scale": torch.zeros(LEARNT_SCALES, dtype=torch.float64)}
    guide = AutoNormal(responses, init_loc_fn=init_to_value(values=start), init_scale=START_SPREAD)
    optimizer = ClippedAdam({"lr": RATE, "lrd": (LAST_RATE / RATE) ** (1.0 / steps)})
    climber = SVI(responses, guide, optimizer, loss=Trace_ELBO())
    chance, trail = np.random.default_rng(seed), []
    for _ in range(steps):
        some = np.sort(chance.choice(students, batch, replace=False))
        chains, situations = of_students(laid.chains, chained, some)
        share = batch / students
        loss = climber.step(shape, chains, situations, nodes=fitted.nodes, share=share)
        trail.append(-float(loss) / len(laid.order))
    return guide, trail


def _scales(sites: dict[str, torch.Tensor]) -> Scales:
    """The scales of one draw, as numbers."""
    found = scales_of(sites["scale"])
    return Scales(
        single=tuple(found.single.tolist()),
        combination=tuple(found.combination.tolist()),
        sensitivity=float(found.sensitivity),
        item=float(found.item),
        past=float(found.past),
        pair=float(found.pair),
    )


def _error(site: str, spread: list[dict[str, torch.Tensor]]) -> Floats:
    """How far a site's effects spread over draws, in logits."""
    drawn = np.stack([one[site].numpy() * getattr(_scales(one), site) for one in spread])
    return np.asarray(drawn.std(axis=0))


def _draw(sites: dict[str, torch.Tensor]) -> Draw:
    values = {name: v.detach().numpy() for name, v in sites.items() if name != "scale"}
    return Draw(values, _scales(sites))


def _moved(fitted: Fitted, centre: Draw) -> Fitted:
    return replace(fitted, values=dict(centre.values), scales=centre.scales)


def _problems(trail: Floats) -> tuple[str, ...]:
    """What the bound's trail says against the end of it.

    >>> _problems(np.linspace(-1.0, 0.0, 200))
    ('the bound still rose by 0.13 an answer in the last 50 steps',)
    >>> _problems(np.zeros(200))
    ()
    """
    if not np.isfinite(trail).all():
        return ("the bound is not a number",)
    last = trail[-max(int(LOOKED_AT * len(trail)), 2) :]
    half = len(last) // 2
    before, after = last[:half], last[half:]
    rise = float(after.mean() - before.mean())
    error = float(np.sqrt(before.var() / max(half, 1) + after.var() / max(len(after), 1)))
    if rise > NOISE * error and rise > 1e-3:
        said = f"the bound still rose by {rise:.2f} an answer in the last {len(last)} steps"
        return (said,)
    return ()
