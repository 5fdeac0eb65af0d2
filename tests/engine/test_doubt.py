"""Intervals hold what they should: nothing but the estimate without doubt, more with more doubt."""

import numpy as np
import pytest

from engine.ability import Rates, follow
from engine.doubt import follow_intervals, middle
from engine.touches import alone

SKILL = np.array([0, 1, 0, 0, 1])
CORRECT = np.array([1.0, 0.0, 0.3, 1.0, 1.0])
ALONE = alone(np.array([0, 5]), SKILL)


def rates(seed=0, skills=2, events=5):
    rng = np.random.default_rng(seed)
    return Rates(*rng.normal(size=(5, events)), rng.normal(size=(skills, 5)))


def test_one_set_without_ability_leaves_no_doubt():
    one = rates()._replace(loadings=np.zeros((2, 5)))
    low, high = follow_intervals(ALONE, CORRECT, [one], nodes=3)
    mastered = follow(ALONE, CORRECT, one, nodes=3).p_mastery
    assert (np.abs(low - mastered) < 1 / 400).all()
    assert (np.abs(high - mastered) < 1 / 400).all()


def test_ability_widens_the_interval():
    def width(scale):
        one = rates()._replace(loadings=np.full((2, 5), scale))
        low, high = follow_intervals(ALONE, CORRECT, [one], nodes=17)
        return (high - low).mean()

    assert width(1.5) > width(0.5) > width(0.0)


def test_the_middle_is_that_of_weighted_values():
    rng = np.random.default_rng(2)
    values, weights = rng.random(5_000), rng.random(5_000)
    counted = np.bincount((values * 400).astype(int), weights=weights, minlength=400)
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    expected = [values[order][np.searchsorted(share, at)] for at in (0.05, 0.95)]
    assert middle(counted) == pytest.approx(expected, abs=2 / 400)
