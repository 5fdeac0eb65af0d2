"""The filter through ability, against sums over every hidden path and every node."""

from itertools import product

import numpy as np
import pytest

from engine.ability import Rates, follow, grid, moves, standing
from engine.touches import alone

SKILL = np.array([0, 1, 0, 0, 1])
CORRECT = np.array([1.0, 0.0, 0.3, 1.0, 1.0])
STARTS = np.array([0, 5])
ALONE = alone(STARTS, SKILL)


def rates(seed=0, skills=2, events=5):
    rng = np.random.default_rng(seed)
    return Rates(*rng.normal(size=(5, events)), rng.normal(size=(skills, 5)))


def one_student(skill):
    return alone(np.array([0, len(skill)]), skill)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def joint(one, ability, mastered, seen):
    """P(hidden path, answers before `seen`) given an ability, step by step."""
    p, last = 1.0, {}
    for event, (skill, state) in enumerate(zip(SKILL[: len(mastered)], mastered, strict=True)):
        load = one.loadings[skill] * ability
        if skill not in last:
            known = sigmoid(one.prior[event] + load[0])
        elif mastered[last[skill]]:
            known = 1.0 - sigmoid(one.forget[event] + load[2])
        else:
            known = sigmoid(one.learn[event] + load[1])
        p *= known if state else 1.0 - known
        right = sigmoid(one.known[event] + load[4] if state else one.guess[event] + load[3])
        if event < seen:
            p *= right ** CORRECT[event] * (1.0 - right) ** (1.0 - CORRECT[event])
        last[skill] = event
    return p


def enumerated(one, event, nodes):
    """P(correct) before and P(mastered) after an event, over all nodes and hidden paths."""
    before = right = after = mastered = 0.0
    for ability, weight in zip(*grid(nodes), strict=True):
        for path in product([0, 1], repeat=event + 1):
            load = one.loadings[SKILL[event]] * ability
            p = weight * joint(one, ability, path, event)
            logit = one.known[event] + load[4] if path[event] else one.guess[event] + load[3]
            before, right = before + p, right + p * sigmoid(logit)
            p = weight * joint(one, ability, path, event + 1)
            after, mastered = after + p, mastered + p * path[event]
    return right / before, mastered / after


@pytest.mark.parametrize("nodes", [1, 4])
def test_it_is_the_sum_over_every_path_and_node(nodes):
    found = follow(ALONE, CORRECT, rates(), nodes=nodes)
    for event in range(5):
        expected = enumerated(rates(), event, nodes)
        assert (found.p_correct[event], found.p_mastery[event]) == pytest.approx(
            expected, abs=1e-12
        )


def test_standing_is_where_the_filter_ends():
    found = follow(ALONE, CORRECT, rates(), nodes=7, drift=0.1)
    stand, traced = standing(ALONE, CORRECT, rates(), nodes=7, drift=0.1)
    np.testing.assert_allclose(traced.p_mastery, found.p_mastery, atol=1e-15)
    assert stand.skills.tolist() == [0, 1]
    assert stand.nodes.sum() == pytest.approx(1.0)


def test_the_future_changes_no_earlier_prediction():
    changed = CORRECT.copy()
    changed[3:] = 0.0
    one = follow(ALONE, CORRECT, rates(), nodes=5, drift=0.05)
    other = follow(ALONE, changed, rates(), nodes=5, drift=0.05)
    assert one.p_correct[:4].tolist() == other.p_correct[:4].tolist()
    assert one.p_mastery[:3].tolist() == other.p_mastery[:3].tolist()


def test_drift_leaves_an_unknown_ability_as_it_is():
    _, weights = grid(9)
    up, down = moves(weights, 0.2)
    moved = weights * (1.0 - up - down)
    moved[1:] += (weights * up)[:-1]
    moved[:-1] += (weights * down)[1:]
    np.testing.assert_allclose(moved, weights, atol=1e-15)


def test_ten_thousand_answers_stay_numbers_and_come_back():
    events = 10_000
    correct = np.repeat([1.0, 0.0], events // 2)
    one = Rates(*np.outer([0.0, -2.0, -20.0, -1.5, 3.0], np.ones(events)), np.zeros((1, 5)))
    found = follow(one_student(np.zeros(events, dtype=int)), correct, one, nodes=3)
    assert np.isfinite(found.p_mastery).all()
    assert found.p_mastery[events // 2 - 1] > 0.99 > 0.5 > found.p_mastery[-1]


def test_twice_the_nodes_change_no_prediction_by_a_thousandth():
    rng = np.random.default_rng(3)
    events, skills = 2_000, 20
    skill = rng.integers(0, skills, events)
    levels = np.array([0.0, -2.0, -3.0, -1.0, 2.0])
    loadings = np.tile([1.2, 0.6, -0.3, 0.6, 0.0], (skills, 1))
    one = Rates(*np.outer(levels, np.ones(events)), loadings)
    correct = (rng.random(events) < 0.7).astype(float)
    few, many = (follow(one_student(skill), correct, one, nodes=n).p_correct for n in (33, 66))
    assert np.abs(few - many).max() < 1e-3
