"""The marginal likelihood over ability as a torch function of the effects."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from engine.ability import grid
from engine.effects import Effects, Situations, rates_of

from .chains import Chains
from .collecting import collected
from .kernel import marginals


class TorchEffects(NamedTuple):
    """`engine.effects.Effects` as tensors of doubles."""

    skill: Tensor
    loadings: Tensor
    item: Tensor
    past: Tensor
    gap_learn: Tensor
    gap_forget: Tensor
    opportunity: Tensor
    pair: Tensor


class _Marginal(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, chains: Chains, situations: Situations, nodes: int, *effects: Tensor
    ) -> Tensor:
        values = Effects(*(effect.detach().numpy() for effect in effects))
        found = marginals(chains, rates_of(values, situations), *grid(nodes))
        ctx.slopes = collected(found.slopes, situations, chains, values)
        return torch.tensor(found.log_likelihood.sum())

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> Any:
        return None, None, None, *(outer[0] * torch.from_numpy(slope) for slope in ctx.slopes)


def marginal(effects: TorchEffects, chains: Chains, situations: Situations, nodes: int) -> Tensor:
    """log P(all answers), abilities summed out: a scalar that torch can differentiate.

    `situations` lie in the order of the chains.
    """
    found: Tensor = _Marginal.apply(  # type: ignore[no-untyped-call]
        chains, situations, nodes, *effects
    )
    return found
