"""The top of the penalised likelihood, found beside a plain dense Newton climb."""

import numpy as np
import pytest

from models.baselines.design import Family, Part, designed, everywhere
from models.baselines.logistic import ascend, predicted, sigmoid


@pytest.fixture
def world():
    rng = np.random.default_rng(7)
    events = 400
    dense = rng.normal(size=(events, 2))
    key = rng.integers(0, 3, events)
    own = np.column_stack([np.ones(events), dense[:, 0]])
    design = designed(
        {"shared": Family(1, 3, 0.1), "own": Family(3, 2, 1.5)},
        {
            "shared": everywhere([np.ones(events), dense]),
            "own": Part(np.arange(events), key, own),
        },
        events=events,
    )
    matrix = np.zeros((events, 9))
    matrix[:, 0], matrix[:, 1:3] = 1.0, dense
    for k in range(3):
        matrix[key == k, 3 + 2 * k : 5 + 2 * k] = own[key == k]
    return design, matrix, rng.choice([0.0, 0.3, 1.0], events)


def dense_newton(matrix, correct, penalty):
    weights = np.zeros(matrix.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (correct - p) - penalty * weights
        bend = matrix.T @ (matrix * (p * (1 - p))[:, None]) + np.diag(penalty)
        weights += np.linalg.solve(bend, slope)
    return weights


def test_it_finds_the_top(world):
    design, matrix, correct = world
    found = ascend(design, correct, steepness=1e-8)
    expected = dense_newton(matrix, correct, design.penalties())
    assert found.gradient < 1e-8
    np.testing.assert_allclose(found.weights, expected, atol=1e-8)
    np.testing.assert_allclose(predicted(design, expected), sigmoid(matrix @ expected))


def test_what_it_finds_does_not_depend_on_the_start(world):
    design, _, correct = world
    far = ascend(design, correct, start=np.full(9, 20.0), steepness=1e-8)
    near = ascend(design, correct, steepness=1e-8)
    np.testing.assert_allclose(far.weights, near.weights, atol=1e-8)


def test_probabilities_never_reach_0_or_1(world):
    design, _, _ = world
    p = predicted(design, np.full(9, 1e6))
    assert ((p > 0) & (p < 1)).all()
