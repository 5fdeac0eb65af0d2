"""Differences of models whose distance is known."""

import numpy as np
import pandas as pd
import pytest

from training import metrics
from training.differences import best, differences
from training.evaluation import Comparison, Judged, ModelScores, Unseen


def comparison(predictions, correct, student, fold=None):
    """Judged models with given predictions; the scores play no part."""
    frame = pd.DataFrame({"student": student, "skill": "x", "correct": correct})
    fold = np.zeros(len(correct), dtype=int) if fold is None else fold
    models = tuple(
        Judged(ModelScores(name, 0, 0, 0, 0, 0, len(p), 0, 0), p, None)
        for name, p in predictions.items()
    )
    return Comparison(Unseen(frame, student, fold), models)


@pytest.fixture
def world():
    rng = np.random.default_rng(5)
    student = np.repeat(np.arange(60), 20)
    truth = rng.random(len(student))
    correct = (rng.random(len(student)) < truth).astype(float)
    models = {
        "truth": truth,
        "blurred": np.clip(truth + rng.normal(0, 0.4, len(truth)), 0.01, 0.99),
        "again": truth.copy(),
    }
    return comparison(models, correct, student)


def test_a_worse_model_is_worse_for_sure_and_an_equal_one_equal(world):
    found = {(one.model, one.metric): one for one in differences(world, "truth")}
    blurred = found["blurred", "auc"]
    assert blurred.difference < 0
    assert blurred.is_sure
    assert blurred.interval.low < blurred.difference < blurred.interval.high < 0
    assert found["blurred", "log_loss"].interval.low > 0
    again = found["again", "auc"]
    assert (again.difference, *again.interval) == (0.0, 0.0, 0.0)
    assert not again.is_sure


def test_the_difference_is_that_of_the_metrics(world):
    correct = world.unseen.correct
    truth, blurred, _ = (one.p_correct for one in world.models)
    for one in differences(world, "truth", replicates=3):
        if one.model == "blurred":
            metric = getattr(metrics, one.metric)
            expected = metric(blurred, correct) - metric(truth, correct)
            assert one.difference == pytest.approx(expected, abs=1e-12)


def test_pairing_makes_the_interval_of_like_models_narrow(world):
    """Both models are easy or hard on the same students: apart they would vary far more."""
    nearly = world.models[0].p_correct * 0.999 + 0.0001
    two = {"truth": world.models[0].p_correct, "nearly": nearly}
    like = comparison(two, world.unseen.correct, world.unseen.student)
    [auc] = [one for one in differences(like, "truth") if one.metric == "auc"]
    assert auc.interval.high - auc.interval.low < 1e-9


def test_over_folds_the_number_is_the_mean_of_the_folds(world):
    fold = world.unseen.student % 3
    two = {one.model: one.p_correct for one in world.models}
    found = comparison(two, world.unseen.correct, world.unseen.student, fold)
    expected = np.mean(
        [
            metrics.auc(two["blurred"][fold == f], found.unseen.correct[fold == f])
            - metrics.auc(two["truth"][fold == f], found.unseen.correct[fold == f])
            for f in range(3)
        ]
    )
    [auc, *_] = differences(found, "truth", replicates=3)
    assert auc.difference == pytest.approx(expected, abs=1e-12)


def test_the_best_has_the_highest_auc(world):
    assert best(world.models[1:], world.unseen) == "again"


def test_the_interval_holds_the_difference_as_often_as_it_says():
    """40 worlds of other students; of so many a 95 % interval misses more than 6 once in 200."""
    missed = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        student = np.repeat(np.arange(80), 5)
        easy = np.repeat(rng.normal(0, 0.15, 80), 5)
        correct = (rng.random(400) < 0.6 + easy).astype(float)
        models = {"a": np.full(400, 0.6), "b": np.full(400, 0.7)}
        found = differences(comparison(models, correct, student), "a", replicates=200, seed=seed)
        [loss] = [one for one in found if one.metric == "log_loss"]
        expected = 0.6 * np.log(0.6 / 0.7) + 0.4 * np.log(0.4 / 0.3)
        missed += not loss.interval.low <= expected <= loss.interval.high
    assert missed <= 6
