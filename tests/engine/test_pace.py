"""A student's speed: exact by its own slow sum, told from a high start, near 1 with few answers."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engine.kinds import chains_of
from engine.pace import NODES, SPEEDS, STARTS, pace, posterior
from engine.parameters import SkillParameters
from engine.tracing import condition, log_odds_of, predict, probability

RATES = SkillParameters(prior=0.2, learn=0.15, forget=0.0, guess=0.2, slip=0.1)


@pytest.fixture(scope="module")
def model(bundle):
    one = replace(bundle.pooled, parameters=RATES)
    return replace(bundle, pooled=one, skills=dict.fromkeys(bundle.skills, one))


def by_hand(marks, start, speed):
    """log P(marks on one skill), step by step with the kernel of knowledge tracing."""
    odds = RATES.prior / (1 - RATES.prior) * np.exp(start)
    state, found = log_odds_of(odds / (1 + odds)), 0.0
    for mark in map(float, marks):
        p = probability(state)
        right = p * (1 - RATES.slip) + (1 - p) * RATES.guess
        found += np.log(right if mark else 1 - right)
        state = predict(condition(state, mark, RATES.guess, RATES.slip), speed * RATES.learn, 0.0)
    return found


def test_start_and_speed_are_weighed_by_bayes(answered, model, course):
    answers = {"fraction": "0011", "ratio": "10"}
    found = posterior(chains_of(answered(answers), model, course, ()))
    expected = np.zeros(found.shape)
    for (i, start), (j, speed) in product(enumerate(STARTS), enumerate(SPEEDS)):
        likely = sum(by_hand(marks, start, np.exp(speed)) for marks in answers.values())
        expected[i, j] = np.exp(likely - 0.5 * (NODES[i] ** 2 + NODES[j] ** 2))
    np.testing.assert_allclose(found, expected / expected.sum(), rtol=1e-9)


def test_without_answers_everybody_learns_as_usual(model, course):
    found = pace([], model, course)
    assert found.speed == 1.0
    assert found.low < 1.0 < found.high
    assert found.answers == 0


def test_rising_sooner_is_faster(answered, model, course):
    fast = pace(answered(dict.fromkeys(course.skills, "001111")), model, course)
    slow = pace(answered(dict.fromkeys(course.skills, "000000")), model, course)
    assert slow.speed < 0.9 < 1.1 < fast.speed
    assert slow.low < slow.speed < slow.high


def test_knowing_much_from_the_start_is_not_learning_fast(answered, model, course):
    able = pace(answered(dict.fromkeys(course.skills, "111111")), model, course)
    fast = pace(answered(dict.fromkeys(course.skills, "001111")), model, course)
    assert able.speed < fast.speed


def test_few_answers_say_little(answered, model, course):
    few = pace(answered({"fraction": "000"}), model, course)
    many = pace(answered(dict.fromkeys(course.skills, "000000")), model, course)
    assert many.speed < few.speed < 1.0


def test_the_order_in_which_answers_arrive_changes_nothing(answered, model, course):
    history = answered({"fraction": "0101", "ratio": "0011"})
    assert pace(history[::-1], model, course) == pace(history, model, course)
