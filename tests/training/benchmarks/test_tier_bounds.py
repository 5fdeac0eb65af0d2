"""The exact posterior against sums over hidden paths, and against how often it comes true."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from data.tier_worlds import SKILLS, continuous, matched
from engine.tier_odds import tier_probabilities
from training.benchmarks.tier_bounds import exact_levels, exact_states
from training.benchmarks.tier_terms import term


def by_paths(truth, skill, right):
    """P(held now) of one skill by summing over when it was learnt."""
    prior, learn, guess, slip = (truth[name][skill] for name in ("prior", "learn", "guess", "slip"))
    total = held = 0.0
    for path in product((0, 1), repeat=len(right) + 1):
        p = prior if path[0] else 1 - prior
        for before, after, answer in zip(path, path[1:], right, strict=False):
            chance = 1 - slip if before else guess
            p *= chance if answer else 1 - chance
            p *= after if before else (learn if after else 1 - learn)
        total += p
        held += p * path[-1]
    return held / total


def test_states_are_weighed_as_the_sum_over_hidden_paths():
    truth, right = matched(3, students=1).truth, [1, 0, 1, 1, 0]
    asked, correct = np.full((1, 5), 6), np.array([right], bool)
    found = exact_states(truth, asked, correct, per_week=5)[0, 0]
    p = truth["prior"].copy()
    p[6] = by_paths(truth, 6, right)
    assert found == pytest.approx(tier_probabilities(p[:4], p[4:]))


def test_levels_are_as_sure_as_they_are_right():
    world, rng = continuous(5, students=300), np.random.default_rng(0)
    asked = rng.integers(SKILLS, size=(300, 24))
    correct = np.stack([world.answer(turn) for turn in asked.T], axis=1)
    exact = exact_levels(world.truth, asked, correct, per_week=24)[:, 0]
    held = world.held().astype(float)
    true = tier_probabilities(held[:, :4], held[:, 4:]).argmax(axis=1)
    assert exact.sum(axis=1) == pytest.approx(np.ones(300))
    assert (exact.argmax(axis=1) == true).mean() == pytest.approx(
        exact.max(axis=1).mean(), abs=0.08
    )


def test_without_an_answer_levels_stand_where_the_world_puts_them():
    world = continuous(5, students=4000)
    held = world.held().astype(float)
    true = tier_probabilities(held[:, :4], held[:, 4:]).argmax(axis=1)
    asked, correct = np.zeros((1, 1), np.int64), np.ones((1, 1), bool)
    # one answer, weighed and taken back by the other: the mixture of both is the prior
    right = exact_levels(world.truth, asked, correct, per_week=1)[0, 0]
    wrong = exact_levels(world.truth, asked, ~correct, per_week=1)[0, 0]
    share = np.bincount(true, minlength=3) / len(true)
    low, high = np.minimum(right, wrong), np.maximum(right, wrong)
    assert (low - 0.05 <= share).all()
    assert (share <= high + 0.05).all()


def test_where_all_is_the_diagnostics_it_asks_the_most_telling_each_time():
    all_by = term("BKT", 2, 4, Fraction(1), 60)
    spread = term("BKT", 2, 4, Fraction(0), 60)
    assert all_by.read.max(axis=2)[:, -1].mean() > spread.read.max(axis=2)[:, -1].mean()
    assert len(all_by.bounded().true) == len(all_by.exact) == 60
