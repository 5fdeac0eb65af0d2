import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from engine.parameters import SkillParameters
from engine.tracing import trace_sequences
from models import fitting
from models.fitting import fit, sample_of
from models.objective import objective
from models.sequences import sequences_of
from models.starts import starts
from models.trie import tries_of

from .conftest import TRUTH, simulated

ML = objective(map_estimate=False, forgets=False)
MAP = objective(map_estimate=True, forgets=False)


def fitted(events, goal, count=8):
    return fit(tries_of(sequences_of(events)), goal, starts(count, seed=0))


@pytest.mark.parametrize("goal", [ML, MAP], ids=["plain", "map"])
def test_the_gradient_is_zero_at_the_fit(events, goal):
    found = fitted(events, goal)
    assert found.converged.all()
    assert found.gradient.max() < 1e-3


def test_no_general_optimiser_finds_anything_higher(events):
    sequences = sequences_of(events)
    found = fitted(events, ML)
    layout = (sequences.order, sequences.starts, sequences.skill_of, sequences.correct)

    def loss(flat):
        p = trace_sequences(*layout, ML.parameters(flat.reshape(2, 5))).p_correct
        return -np.log(np.where(sequences.correct == 1, p, 1 - p)).sum()

    rng = np.random.default_rng(1)
    others = [minimize(loss, rng.normal(-1, 1, 10), method="L-BFGS-B").fun for _ in range(4)]
    assert found.log_likelihood.sum() >= -min(others) - 1e-6


@pytest.mark.parametrize("forget", [0.0, 0.05])
def test_known_parameters_are_recovered_within_their_standard_errors(forget):
    truth = {f"k{i}": SkillParameters(0.3, 0.15, forget, 0.2, 0.1) for i in range(12)}
    events = simulated(truth, students=1500, responses=15, seed=3)
    goal = objective(map_estimate=False, forgets=forget > 0)
    found = fitted(events, goal)
    slope = found.parameters * (1 - found.parameters / goal.upper)
    errors = slope * np.sqrt(np.diagonal(found.covariance, axis1=1, axis2=2))
    distance = ((found.parameters - np.array(truth["k0"])) / errors)[:, goal.free]
    assert np.abs(distance).max() < 4.5
    assert 0.6 < np.sqrt((distance**2).mean()) < 1.5


def test_forgetting_never_lowers_the_likelihood(events):
    without = fitted(events, ML).log_likelihood
    with_it = fitted(events, objective(map_estimate=False, forgets=True)).log_likelihood
    assert (with_it >= without - 1e-6).all()


def test_more_starts_never_find_less(events):
    few, many = fitted(events, MAP, 8), fitted(events, MAP, 24)
    assert (many.log_likelihood >= few.log_likelihood - 1e-3).all()


@pytest.mark.parametrize("goal", [ML, MAP], ids=["plain", "map"])
def test_some_students_show_the_way_and_all_of_them_the_top(events, goal, monkeypatch):
    monkeypatch.setattr(fitting, "SAMPLE", 40)
    sequences, begin = sequences_of(events), starts(8, seed=0)
    sample, tries = sample_of(sequences), tries_of(sequences)
    assert (sample.students() < tries.students()).any()
    led = fit(tries, goal, begin, sample=sample)
    np.testing.assert_allclose(led.parameters, fitted(events, goal).parameters, atol=1e-6)


@pytest.mark.parametrize("forgets", [False, True])
def test_no_top_of_a_start_alone_is_higher_than_that_of_all_together(forgets):
    # few answers of few students: the likelihood has many hills
    poor = simulated(
        {f"k{i}": SkillParameters(*TRUTH["ratio"]) for i in range(20)}, students=8, responses=6
    )
    goal = objective(map_estimate=False, forgets=forgets)
    tries, begin = tries_of(sequences_of(poor)), starts(8, seed=0)
    alone = [fit(tries, goal, begin[n : n + 1]).log_likelihood for n in range(8)]
    assert (fit(tries, goal, begin).log_likelihood >= np.max(alone, axis=0) - 1e-3).all()


def test_a_forgetting_that_is_not_there_leaves_no_gradient():
    truth = {"x": SkillParameters(0.3, 0.1, 0.0, 0.2, 0.1)}
    events = simulated(truth, students=2000, seed=1)
    found = fitted(events, objective(map_estimate=False, forgets=True))
    assert found.parameters[0, 2] < 1e-9
    assert found.gradient[0] < 1e-4


def test_few_students_are_all_followed(events):
    assert sample_of(sequences_of(events)) is None


def test_the_order_of_students_changes_nothing(events):
    students = events["student"].unique()
    shuffled = np.random.default_rng(0).permutation(students)
    events = events.set_index("student")
    mixed = events.loc[shuffled].reset_index()
    a, b = fitted(events.reset_index(), MAP), fitted(mixed, MAP)
    np.testing.assert_allclose(a.parameters, b.parameters, atol=1e-6)


AWKWARD = {
    "one response": [[1]],
    "one wrong response": [[0]],
    "only right": [[1] * 5] * 20,
    "only wrong": [[0] * 5] * 20,
    "one student, long": [[1, 0] * 2500],
    "all right for long, then wrong": [[1] * 3000 + [0] * 3000] * 2,
    "half marks": [[0.5, 0.25, 1.0, 0.0]] * 10,
}


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize("map_estimate", [True, False])
@pytest.mark.parametrize("histories", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_data_give_probabilities_and_no_nan(histories, map_estimate, forgets):
    rows = [(f"s{i}", "x", y) for i, history in enumerate(histories) for y in history]
    events = pd.DataFrame(rows, columns=["student", "skill", "correct"])
    found = fitted(events, objective(map_estimate=map_estimate, forgets=forgets))
    assert np.isfinite(found.parameters).all()
    assert ((found.parameters >= 0) & (found.parameters <= 1)).all()
    assert np.isfinite(found.log_likelihood).all()


def test_skills_do_not_disturb_each_other(events):
    together = fitted(events, MAP)
    for row, skill in enumerate(sorted(TRUTH)):
        alone = fitted(events[events["skill"] == skill], MAP)
        np.testing.assert_allclose(alone.parameters[0], together.parameters[row], atol=1e-6)
