"""The odds of tiers, against counting every way in which skills can be held."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.tier_odds import (
    count_distribution,
    fewer_than,
    fewer_without_each,
    tier_odds,
    tier_probabilities,
)


def shares(least, most):
    lengths = st.integers(least, most)
    return lengths.flatmap(lambda m: arrays(np.float64, m, elements=st.floats(0.0, 1.0)))


def worlds(p):
    """Every way to hold some of the skills, with its probability."""
    for held in product((0, 1), repeat=len(p)):
        yield held, float(np.prod(np.where(held, p, 1.0 - p)))


def tier_of(prerequisites, targets):
    """The definition, in words: support is judged first."""
    if prerequisites:
        support = sum(prerequisites) < 0.75 * len(prerequisites)
    else:
        support = sum(targets) < 0.25 * len(targets)
    return 0 if support else 2 if sum(targets) >= 0.75 * len(targets) else 1


@given(shares(0, 7))
@settings(max_examples=60, deadline=None)
def test_the_count_of_skills_held_agrees_with_enumeration(p):
    expected = np.zeros(len(p) + 1)
    for held, weight in worlds(p):
        expected[sum(held)] += weight
    np.testing.assert_allclose(count_distribution(p), expected, atol=1e-12)


@given(shares(0, 5), shares(1, 5))
@settings(max_examples=60, deadline=None)
def test_the_odds_of_the_tiers_agree_with_enumeration(prerequisites, targets):
    expected = np.zeros(3)
    for held, weight in worlds(np.concatenate([prerequisites, targets])):
        q = len(prerequisites)
        expected[tier_of(held[:q], held[q:])] += weight
    np.testing.assert_allclose(tier_probabilities(prerequisites, targets), expected, atol=1e-12)


def test_a_whole_class_gets_the_odds_of_each_of_its_students():
    rng = np.random.default_rng(1)
    q, g = rng.random((5, 4)), rng.random((5, 3))
    alone = [tier_odds(q[[row]], g[[row]]) for row in range(5)]
    together = tier_odds(q, g)
    for part in range(3):
        np.testing.assert_allclose(together[part], np.concatenate([one[part] for one in alone]))


def test_a_skill_at_one_half_is_no_evidence():
    odds = tier_odds(np.array([[0.5, 0.9]]), np.array([[0.2]]))
    np.testing.assert_allclose(odds.evidence[0, 0], 0.0, atol=1e-9)
    assert odds.evidence[0, 1, 0] < 0.0 < odds.evidence[0, 1, 2]


def test_only_what_is_unknown_is_worth_knowing():
    odds = tier_odds(np.array([[1.0, 0.5]]), np.array([[0.0, 0.5]]))
    assert odds.worth[0, 0] == odds.worth[0, 2] == 0.0
    assert odds.worth[0, 1] > 0.0


@pytest.mark.parametrize(("q", "g"), [(0, 0), (0, 1), (3, 0)])
def test_an_objective_of_any_shape_has_odds_that_sum_to_one(q, g):
    odds = tier_odds(np.full((2, q), 0.3), np.full((2, g), 0.3))
    np.testing.assert_allclose(odds.tiers.sum(axis=1), 1.0)
    assert np.isfinite(odds.evidence).all()


@given(shares(0, 5), shares(1, 5))
@settings(max_examples=60, deadline=None)
def test_what_each_skill_tells_is_what_knowing_it_would_change(prerequisites, targets):
    q, p = len(prerequisites), np.concatenate([prerequisites, targets])
    odds = tier_odds(prerequisites[None], targets[None])
    for k in range(len(p)):
        lacked, held = np.where(np.arange(len(p)) == k, [[0.0], [1.0]], p)
        without = tier_probabilities(lacked[:q], lacked[q:])
        with_it = tier_probabilities(held[:q], held[q:])
        moved = (with_it - without) @ np.arange(3)
        assert odds.worth[0, k] == pytest.approx(p[k] * (1 - p[k]) * moved**2, abs=1e-12)
        unknown = np.clip((without + with_it) / 2, 1e-9, 1 - 1e-9)
        known = np.clip(odds.tiers[0], 1e-9, 1 - 1e-9)
        expected = np.log(known / (1 - known)) - np.log(unknown / (1 - unknown))
        np.testing.assert_allclose(odds.evidence[0, k], expected, atol=1e-5)


def test_taking_a_skill_out_of_a_large_count_loses_no_digits():
    p = np.random.default_rng(2).random(120)
    p[:3] = 0.0, 1.0, 0.5
    expected = [fewer_than(70, np.delete(p, k)) for k in range(len(p))]
    np.testing.assert_allclose(fewer_without_each(70, p), expected, atol=1e-12)
