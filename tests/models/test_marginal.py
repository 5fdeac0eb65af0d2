"""The marginal likelihood in torch: its value and every derivative, by torch's own check."""

import numpy as np
import pytest
import torch

from engine.tables import Indexed
from models.division import divided
from models.marginal import TorchTables, marginal

RNG = np.random.default_rng(2)
ROWS = (2, 3, 3, 4, 4)
STARTS = np.array([0, 4, 6, 9])
EVENTS = Indexed(
    STARTS,
    RNG.integers(0, 2, 9).astype(np.float64),
    RNG.integers(0, 2, 3),
    RNG.integers(0, 3, 9),
    RNG.integers(0, 4, 9),
)


def tables(nodes):
    values = (RNG.uniform(0.1, 0.9, (rows, nodes)) for rows in ROWS)
    return [torch.tensor(value, requires_grad=True) for value in values]


@pytest.mark.parametrize("groups", [[0, 1, 2, 3], [0, 2, 3]], ids=["alone", "two share"])
@pytest.mark.parametrize("nodes", [1, 3])
def test_torch_finds_no_fault_with_the_derivatives(nodes, groups):
    division = divided(EVENTS, np.array(groups))
    weights = torch.tensor(RNG.dirichlet(np.ones(nodes), 1), requires_grad=True)

    def total(weights, *leaves):
        return marginal(TorchTables(*leaves), EVENTS, division, weights)

    assert torch.autograd.gradcheck(total, (weights, *tables(nodes)))


def test_a_parameter_behind_a_table_learns_of_all_its_rows():
    shared = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    rest = [table.detach() for table in tables(1)]
    rows = [*rest[:3], shared.expand(4, 1), rest[4]]
    marginal(TorchTables(*rows), EVENTS, divided(EVENTS, np.arange(4))).backward()
    values = [marginal(TorchTables(*rows), EVENTS, divided(EVENTS, np.arange(4)))]
    for step in (1e-6, -1e-6):
        rows[3] = (shared.detach() + step).expand(4, 1).contiguous()
        values.append(marginal(TorchTables(*rows), EVENTS, divided(EVENTS, np.arange(4))))
    assert shared.grad.item() == pytest.approx((values[1] - values[2]).item() / 2e-6, rel=1e-6)
