import numpy as np
import pandas as pd
import pytest

from models.expectation import expect, scratch_for
from models.lanes import LANES
from models.objective import objective
from models.sequences import sequences_of
from models.trie import tries_of


@pytest.fixture(scope="module")
def tries():
    rng = np.random.default_rng(2)
    rows = [(f"s{i}", "x", y) for i in range(60) for y in rng.integers(0, 2, 8)]
    return tries_of(sequences_of(pd.DataFrame(rows, columns=["student", "skill", "correct"])))


GOALS = {
    f"map={m} forgets={f}": objective(map_estimate=m, forgets=f)
    for m in (True, False)
    for f in (True, False)
}


def evaluated(tries, goal, parameters):
    lanes = np.tile(parameters, (1, LANES, 1)) if parameters.ndim == 1 else parameters[None]
    found = expect(tries, np.array([0]), lanes, scratch_for(tries))
    return goal.value(found.log_likelihood, lanes)[0], found.counts[0], lanes[0]


@pytest.mark.parametrize("goal", GOALS.values(), ids=GOALS.keys())
def test_the_gradient_equals_finite_differences(tries, goal):
    logits = np.array([0.3, -1.0, -2.0, -0.7, -1.2])
    _, counts, lanes = evaluated(tries, goal, goal.parameters(logits))
    found = goal.gradient(counts[0], lanes[0])
    step = 1e-6
    for k in np.flatnonzero(goal.free):
        ahead, behind = logits.copy(), logits.copy()
        ahead[k] += step
        behind[k] -= step
        high = evaluated(tries, goal, goal.parameters(ahead))[0][0]
        low = evaluated(tries, goal, goal.parameters(behind))[0][0]
        assert found[k] == pytest.approx((high - low) / (2 * step), abs=1e-4)


@pytest.mark.parametrize("goal", GOALS.values(), ids=GOALS.keys())
def test_an_em_step_never_lowers_the_objective(tries, goal):
    rng = np.random.default_rng(4)
    parameters = goal.within(rng.uniform(0.02, 0.98, (LANES, 5)))
    before = np.full(LANES, -np.inf)
    for _ in range(50):
        value, counts, _ = evaluated(tries, goal, parameters)
        assert (value >= before - 1e-9).all()
        before, parameters = value, goal.best_given(counts, parameters)


def test_under_map_guess_and_slip_never_add_up_to_one():
    goal = GOALS["map=True forgets=True"]
    extreme = goal.within(np.ones(5))
    assert extreme[3] + extreme[4] < 1.0


def test_a_fixed_parameter_stays_exactly_where_it_is():
    goal = GOALS["map=True forgets=False"]
    assert goal.parameters(np.array([0.0, 0.0, 5.0, 0.0, 0.0]))[2] == 0.0


@pytest.mark.parametrize("goal", GOALS.values(), ids=GOALS.keys())
def test_logits_and_parameters_undo_each_other(goal):
    parameters = np.array([0.3, 0.01, 0.05 if goal.free[2] else 0.0, 0.2, 0.4])
    np.testing.assert_allclose(goal.parameters(goal.logits(parameters)), parameters, rtol=1e-12)


def test_with_forgetting_plain_likelihood_does_not_know_which_state_is_mastery(tries):
    goal = GOALS["map=False forgets=True"]
    logits = np.random.default_rng(3).normal(0.0, 1.0, (LANES, 5))
    turned = goal.right_way_up(logits)
    assert not np.array_equal(turned, logits)
    assert (turned[:, 3] + turned[:, 4] <= 0.0).all()
    before = evaluated(tries, goal, goal.parameters(logits))[0]
    after = evaluated(tries, goal, goal.parameters(turned))[0]
    np.testing.assert_allclose(after, before, rtol=1e-12)


def test_under_priors_the_states_keep_their_names():
    goal = GOALS["map=True forgets=True"]
    logits = np.full((1, 5), 2.0)
    assert goal.right_way_up(logits) is logits
