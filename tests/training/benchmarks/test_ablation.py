"""Which models the ladder compares, and how their differences become an ingredient's worth."""

import numpy as np
import pandas as pd
import pytest

from models.names import make
from training.benchmarks.ablation import STEPS, ladder, without, worths
from training.evaluation import Comparison, Judged, ModelScores, Unseen
from training.metrics import auc


@pytest.fixture
def found():
    """Predictions that get sharper step by step, and worse by one known model."""
    rng = np.random.default_rng(6)
    truth = rng.random(600)
    correct = (rng.random(600) < truth).astype(float)
    names = list(dict.fromkeys([*ladder(), *(without([step]) for step in STEPS)]))
    models = tuple(
        Judged(
            ModelScores(name, 0, 0, 0, 0, 0, 600, 0, 0),
            np.clip(truth + rng.normal(0, 0.05 + 0.05 * name.count("-"), 600), 0.01, 0.99),
            None,
        )
        for name in names
    )
    student = np.repeat(np.arange(60), 10)
    frame = pd.DataFrame({"student": student, "skill": "x", "correct": correct})
    return Comparison(Unseen(frame, student, np.zeros(600, dtype=int)), models)


def test_the_ladder_adds_one_ingredient_at_a_time():
    counts = [name.count("-") for name in ladder()]
    assert counts == list(range(len(STEPS), -1, -1))
    assert all(make(name).name.startswith("hierarchical") for name in ladder())


def test_every_ingredient_has_a_switch_of_the_model():
    made = {make(without([step])).name for step in STEPS}
    assert len(made) == len(STEPS)


def test_a_worth_is_the_difference_of_the_two_models(found):
    predicted = {one.model: one.p_correct for one in found.models}
    correct = found.unseen.correct
    for n, one in enumerate(worths(found, replicates=20)):
        more, less = ladder()[n + 1], ladder()[n]
        expected = auc(predicted[more], correct) - auc(predicted[less], correct)
        assert one.added.difference == pytest.approx(expected, abs=1e-12)
        lacks = auc(predicted[without([one.ingredient])], correct)
        whole = auc(predicted["hierarchical"], correct)
        assert one.left_out.difference == pytest.approx(whole - lacks, abs=1e-12)
