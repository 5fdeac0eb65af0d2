"""The posterior is that of the story: ranks of the truth are uniform, unless something is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from models import BKT
from models.hierarchical.ranks import ranks, unevenness
from models.hierarchical.simulating import design, simulated

SCHOOLS = 20


@pytest.fixture(scope="module")
def schools():
    rows = design(students=8, skills=2, items=2, responses=8, seed=0)
    return [simulated(rows, seed=seed) for seed in range(SCHOOLS)]


def test_ranks_of_the_truth_are_uniform(schools):
    each = [ranks(school, seed=n) for n, school in enumerate(schools)]
    found = np.concatenate([one.ravel() for ranked in each for one in ranked.values()])
    assert unevenness(found) < 2.5  # χ² of 9 degrees of freedom: 1 in 150
    assert {"pair", "past", "ability"} <= set(each[0])


def test_ranks_show_answers_that_do_not_follow_from_the_truth():
    rows = design(students=30, skills=2, items=2, responses=8, seed=1)
    right = [simulated(rows, seed=seed) for seed in range(6)]
    wrong = [replace(school, events=school.events.assign(correct=1)) for school in right]
    prior = [ranks(school, seed=n, thin=10)["population"][0] for n, school in enumerate(wrong)]
    assert np.mean(prior) < 2.5  # everybody right: the posterior starts far above the truth


def test_intervals_hold_what_the_true_parameters_and_ability_would_say():
    school = simulated(design(students=60, skills=3, items=3, responses=20, seed=5), seed=5)
    found = BKT(items=True, ability=True, forgets=True).fit(school.events).trace(school.events)
    inside = (found["p_mastery_low"] <= school.mastered) & (
        school.mastered <= found["p_mastery_high"]
    )
    assert 0.8 < inside.mean() < 0.99


def test_a_design_without_history_is_answered_by_the_truth_alone(schools):
    assert all(school.events["correct"].isin([0, 1]).all() for school in schools)
    assert np.mean([school.events["correct"].mean() for school in schools]) == pytest.approx(
        0.6, abs=0.2
    )
    assert all(((s.mastered > 0) & (s.mastered < 1)).all() for s in schools)
