"""Reading in batches and pieces beside reading one student's whole history alone."""

import numpy as np
import pytest
import torch

from models.baselines import recurrent
from models.baselines.dkt import ItemNetwork, SkillNetwork
from models.baselines.recurrent import Numbers, Training, predicted, train


@pytest.fixture
def numbers():
    rng = np.random.default_rng(3)
    lengths = np.array([3, 250, 1, 30, 101])
    events = int(lengths.sum())
    return Numbers(
        np.cumsum([0, *lengths]).astype(np.int64),
        rng.integers(0, 4, events),
        rng.integers(0, 6, events),
        rng.choice([0.0, 1.0, 0.5], events),
    )


@pytest.mark.parametrize("kind", [SkillNetwork, ItemNetwork])
def test_batches_and_pieces_change_nothing(numbers, kind):
    torch.manual_seed(0)
    network = kind(4, 6)
    together = predicted(network, numbers)
    for s in range(5):
        here = slice(numbers.starts[s], numbers.starts[s + 1])
        length = here.stop - here.start
        alone = Numbers(np.array([0, length]), *(part[here] for part in numbers[1:]))
        [batch] = recurrent.batches(alone, np.array([0]), 1)
        with torch.no_grad():
            logits, _ = network(batch, None)
        np.testing.assert_allclose(together[here], torch.sigmoid(logits)[0], atol=1e-5)


def test_training_keeps_the_epoch_that_predicted_held_out_students_best(numbers):
    torch.manual_seed(0)
    network = SkillNetwork(4, 6)
    how = Training(rate=0.05, epochs=40, patience=3, steps=0)
    rng = np.random.default_rng(0)
    found = train(network, numbers, held_out=np.array([3, 4]), how=how, rng=rng)
    p = predicted(network, numbers)[numbers.starts[3] :]
    c = numbers.correct[numbers.starts[3] :]
    assert found.epochs < 40
    assert found.loss == pytest.approx(-np.mean(c * np.log(p) + (1 - c) * np.log(1 - p)), abs=1e-5)
