"""The marginal likelihood as a torch function, so that tables may be any torch expression."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from engine.tables import Indexed, Tables

from .counts import count, gradient
from .division import Division


class TorchTables(NamedTuple):
    """The five tables as tensors of doubles, each [row, node]."""

    prior: Tensor
    learn: Tensor
    forget: Tensor
    guess: Tensor
    slip: Tensor


class _Marginal(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, indexed: Indexed, division: Division, weights: Tensor, *tables: Tensor
    ) -> Tensor:
        values = Tables(*(table.detach().numpy() for table in tables))
        ctx.weights = weights.detach().numpy()
        ctx.found = count(indexed, division, values, ctx.weights)
        ctx.values = values
        return torch.tensor(ctx.found.log_likelihood.sum())

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> Any:
        slopes = gradient(ctx.found.counts, ctx.values)
        by_weight = ctx.found.posterior / ctx.weights
        if len(ctx.weights) == 1:
            by_weight = by_weight.sum(axis=0, keepdims=True)
        return None, None, *(outer[0] * torch.from_numpy(slope) for slope in (by_weight, *slopes))


def marginal(
    tables: TorchTables, indexed: Indexed, division: Division, weights: Tensor | None = None
) -> Tensor:
    """log P(all answers): a scalar that torch can differentiate by tables and node weights.

    >>> tables = TorchTables(*(torch.tensor([[p]], dtype=torch.float64, requires_grad=True)
    ...                        for p in (0.5, 0.2, 0.1, 0.2, 0.1)))
    >>> import numpy as np
    >>> rows = np.zeros(2, dtype=np.int64)
    >>> two = Indexed(np.array([0, 2]), np.array([1.0, 0.0]), rows[:1], rows, rows)
    >>> from .division import divided
    >>> total = marginal(tables, two, divided(two, np.array([0, 1])))
    >>> total.backward()
    >>> round(float(total.detach().exp()), 4), bool(tables.learn.grad < 0)
    (0.1425, True)
    """
    nodes = tables.prior.shape[1]
    even = torch.full((1, nodes), 1.0 / nodes, dtype=torch.float64)
    found: Tensor = _Marginal.apply(  # type: ignore[no-untyped-call]
        indexed, division, even if weights is None else weights, *tables
    )
    return found
