import numpy as np
import pandas as pd
import pytest

from engine.parameters import FORGET, SkillParameters
from models.fitting import fit
from models.objective import objective
from models.sequences import sequences_of
from models.starts import starts
from models.trie import tries_of
from models.uncertainty import estimates, pooled, standard_errors

from .conftest import simulated

GOAL = objective(map_estimate=True, forgets=False)


def fitted(events, goal=GOAL):
    sequences = sequences_of(events)
    return fit(tries_of(sequences), goal, starts(8, seed=0)), goal, sequences


def test_four_times_the_students_halve_the_standard_errors():
    truth = {"x": SkillParameters(0.3, 0.15, 0.0, 0.2, 0.1)}
    few = standard_errors(*fitted(simulated(truth, students=500, seed=1))[:2])
    many = standard_errors(*fitted(simulated(truth, students=2000, seed=2))[:2])
    np.testing.assert_allclose(few[0, GOAL.free] / many[0, GOAL.free], 2.0, rtol=0.35)


def test_a_fixed_parameter_is_certain(events):
    assert (standard_errors(*fitted(events)[:2])[:, FORGET] == 0.0).all()


def test_draws_surround_the_estimate(events):
    for estimate in estimates(*fitted(events)).values():
        assert (estimate.draws.min(axis=0) <= estimate.parameters).all()
        assert (estimate.draws.max(axis=0) >= estimate.parameters).all()
        spread = estimate.draws.std(axis=0)
        np.testing.assert_allclose(spread, estimate.standard_errors, rtol=0.25, atol=1e-12)


def test_the_average_skill_is_as_uncertain_as_skills_differ():
    alike = {f"k{i}": SkillParameters(0.3, 0.15, 0.0, 0.2, 0.1) for i in range(12)}
    rng = np.random.default_rng(0)
    unlike = {f"k{i}": SkillParameters(*rng.uniform(0.05, 0.4, 5)) for i in range(12)}
    narrow = pooled(*fitted(simulated(alike)))
    wide = pooled(*fitted(simulated(unlike)))
    assert narrow.flags == ("pooled",)
    assert np.trace(wide.covariance) > np.trace(narrow.covariance)


def test_plain_likelihood_names_a_skill_turned_upside_down():
    goal = objective(map_estimate=False, forgets=False)
    worse = pd.DataFrame(
        [(f"s{i}", "x", y) for i in range(200) for y in ([1] * (i % 7) + [0] * (7 - i % 7))],
        columns=["student", "skill", "correct"],
    )
    (found,) = estimates(*fitted(worse, goal)).values()
    assert "guess+slip>=1" in found.flags


LEFT_OPEN = {
    "one response": ("a", [1]),
    "every answer is right": ("aabb", [1, 1, 1, 1]),
    "every answer is wrong": ("aabb", [0, 0, 0, 0]),
    "no student answered twice": ("abcd", [0, 1, 1, 0]),
    "at the bound": ("aaabbb", [0, 1, 1, 0, 0, 1]),
}


@pytest.mark.parametrize(("students", "correct"), LEFT_OPEN.values(), ids=LEFT_OPEN)
def test_what_the_data_leave_open_is_named_with_the_reason(request, students, correct):
    reason = request.node.callspec.id
    goal = objective(map_estimate=False, forgets=False)
    some = pd.DataFrame({"student": list(students), "skill": "x", "correct": correct})
    (found,) = estimates(*fitted(some, goal)).values()
    (flag, *_) = [flag for flag in found.flags if reason in flag]
    assert flag.startswith("undetermined: ")
    named = flag.removeprefix("undetermined: ").split(" (")[0].split(", ")
    assert all(np.isnan(getattr(found.standard_errors, name)) for name in named)


KINDS = {
    "classic": (0.0, {"forgets": False}),
    "forgets": (0.04, {"forgets": True}),
    "forgetting given": (0.04, {"forgets": True, "fixed": {"forget": 0.04}}),
    "guess bounded": (0.0, {"forgets": False, "bounds": {"guess": (0.05, 0.6)}}),
}


@pytest.mark.parametrize(("forget", "options"), KINDS.values(), ids=KINDS)
def test_intervals_of_the_parameters_cover_the_truth(forget, options):
    truth = SkillParameters(0.35, 0.12, forget, 0.2, 0.12)
    goal = objective(map_estimate=False, **options)
    events = simulated({f"k{i:03}": truth for i in range(150)}, students=400, seed=9)
    found = fitted(events, goal)[0]
    spread = np.sqrt(np.diagonal(found.covariance, axis1=1, axis2=2))
    free = np.broadcast_to(goal.free, 5)
    centre = goal.logits(np.array(truth))
    distance = (goal.logits(found.parameters) - centre)[:, free] / spread[:, free]
    covered = (np.abs(distance) <= 1.645).mean()
    assert 0.85 <= covered <= 0.95
