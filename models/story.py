"""Classic BKT as the story of how responses come about, told in Pyro.

The story is the specification: priors, start, response, transition, in that order. Fitting does
not run it; it is what the fast road is checked against, and what students are simulated from.
"""

from __future__ import annotations

from typing import Any

import pyro
import pyro.distributions as dist
import torch
from pyro.infer import TraceEnum_ELBO, config_enumerate
from torch import Tensor

from engine.parameters import SkillParameters
from engine.tables import Floats

from .objective import MAP_FAILURES, MAP_SUCCESSES

NAMES = SkillParameters._fields


def priors() -> dict[str, Tensor]:
    """Draws the five parameters from the weak priors that MAP uses (Beta, pseudo-counts + 1)."""
    return {
        name: pyro.sample(name, dist.Beta(successes + 1.0, failures + 1.0))
        for name, successes, failures in zip(NAMES, MAP_SUCCESSES, MAP_FAILURES, strict=True)
    }


def practice(one: dict[str, Tensor], responses: int, students: int, correct: Tensor | None) -> Any:
    """Students practise one skill; `correct`, shape [response, student], is observed or drawn."""
    shown = torch.stack([one["guess"], 1.0 - one["slip"]])  # [state]
    moves = torch.stack([one["learn"], 1.0 - one["forget"]])  # [state]
    drawn = []
    with pyro.plate("students", students, dim=-1):
        mastered = pyro.sample("mastered_0", dist.Bernoulli(one["prior"]))
        for t in pyro.markov(range(responses)):
            seen = None if correct is None else correct[t]
            answer = dist.Bernoulli(shown[mastered.long()])
            drawn.append(pyro.sample(f"correct_{t}", answer, obs=seen))
            mastered = pyro.sample(f"mastered_{t + 1}", dist.Bernoulli(moves[mastered.long()]))
    return torch.stack(drawn)


def simulate(parameters: SkillParameters, *, responses: int, students: int, seed: int) -> Floats:
    """Responses of students as the story has it, shape [response, student], 0 or 1.

    >>> one = SkillParameters(prior=1.0, learn=0.0, forget=0.0, guess=0.5, slip=0.0)
    >>> simulate(one, responses=2, students=3, seed=0)
    array([[1., 1., 1.],
           [1., 1., 1.]])
    """
    with torch.random.fork_rng():
        pyro.set_rng_seed(seed)
        found = practice(_tensors(parameters), responses, students, None)
    return found.numpy().astype("float64")  # type: ignore[no-any-return]


def log_likelihood(parameters: SkillParameters, correct: Floats) -> float:
    """log P(correct), shape [response, student], with the hidden states summed out by Pyro."""
    responses, students = correct.shape
    observed = torch.tensor(correct, dtype=torch.float64)
    model = config_enumerate(lambda: practice(_tensors(parameters), responses, students, observed))
    return -float(TraceEnum_ELBO(max_plate_nesting=1).loss(model, lambda: None))


def _tensors(parameters: SkillParameters) -> dict[str, Tensor]:
    return {
        name: torch.tensor(value, dtype=torch.float64)
        for name, value in zip(NAMES, parameters, strict=True)
    }
