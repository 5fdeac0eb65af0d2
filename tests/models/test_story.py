"""The story in Pyro and the fast road must be the same model."""

import numpy as np
import pandas as pd
import pyro
import pytest

from engine.parameters import SkillParameters
from models.expectation import expect, scratch_for
from models.lanes import LANES
from models.objective import objective
from models.sequences import sequences_of
from models.story import log_likelihood, priors, simulate
from models.trie import tries_of

ONE = SkillParameters(0.35, 0.15, 0.05, 0.2, 0.1)


def tries_from(correct):
    students, responses = correct.shape[1], correct.shape[0]
    frame = pd.DataFrame(
        {
            "student": np.tile(np.arange(students), responses),
            "skill": "x",
            "correct": correct.ravel(),
        }
    )
    return tries_of(sequences_of(frame))


def test_pyro_sums_out_the_hidden_states_to_the_same_likelihood():
    correct = simulate(ONE, responses=6, students=40, seed=1)
    tries = tries_from(correct)
    lanes = np.tile(np.array(ONE), (1, LANES, 1))
    fast = expect(tries, np.array([0]), lanes, scratch_for(tries)).log_likelihood[0, 0]
    assert log_likelihood(ONE, correct) == pytest.approx(fast, abs=1e-9)


def test_the_story_is_learnt_as_its_parameters_say():
    correct = simulate(ONE, responses=3, students=40_000, seed=2)
    known = ONE.prior
    for answers in correct:
        assert answers.mean() == pytest.approx(
            known * (1 - ONE.slip) + (1 - known) * ONE.guess, abs=0.01
        )
        known = known * (1 - ONE.forget) + (1 - known) * ONE.learn


def test_the_priors_of_the_story_are_those_that_map_maximises():
    goal = objective(map_estimate=True, forgets=True)
    pyro.set_rng_seed(3)
    ours, told = [], []
    for _ in range(2):
        trace = pyro.poutine.trace(priors).get_trace()
        told.append(float(trace.log_prob_sum()))
        drawn = [float(trace.nodes[name]["value"]) for name in SkillParameters._fields]
        ours.append(float(goal.value(np.zeros(()), np.array(drawn))))
    assert ours[1] - ours[0] == pytest.approx(told[1] - told[0], abs=1e-4)
