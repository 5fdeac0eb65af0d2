"""Histories that leave the range of a double: the fit climbs the true likelihood all the same."""

import mpmath
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from engine.errors import InvalidInput
from engine.parameters import GUESS, LEARN, PRIOR, SLIP, SkillParameters
from models import BKT

from .conftest import simulated


def runs(*lengths):
    """One student who is right, then wrong, then right, … so many times each."""
    correct = np.repeat([(1 + n) % 2 for n in range(len(lengths))], lengths)
    return pd.DataFrame({"student": "ana", "skill": "x", "correct": correct})


def exact_height(correct, parameters):
    """log P(answers) without forgetting, in 50 digits."""
    with mpmath.workdps(50):
        prior, learn, _, guess, slip = map(mpmath.mpf, parameters)
        known, unknown = prior, 1 - prior
        for t, y in enumerate(correct):
            if t:
                known, unknown = known + unknown * learn, unknown * (1 - learn)
            known *= (1 - slip) if y else slip
            unknown *= guess if y else 1 - guess
        return float(mpmath.log(known + unknown))


@pytest.mark.parametrize("map_estimate", [True, False])
@pytest.mark.parametrize("length", [1_000, 100_000])
def test_right_answers_then_as_many_wrong_are_fitted_as_exact_arithmetic_says(length, map_estimate):
    model = BKT(map=map_estimate).fit(runs(length, length))
    parameters = model.bundle.skills["x"].parameters
    expected = exact_height(runs(length, length)["correct"], parameters)
    assert model.bundle.facts["log_likelihood"] == pytest.approx(expected, rel=1e-9)
    assert model.bundle.facts["converged"]
    assert 0.0 < parameters[GUESS] < 1.0
    assert 0.0 < parameters[SLIP] < 1.0
    if map_estimate:
        # half of the answers are right whatever the state: nothing else may explain the turn
        assert expected == pytest.approx(2 * length * np.log(0.5), rel=0.01)
    else:
        # upside down it is one turn, which happens once in so many steps; and it says so
        at_best = np.log(1 / length) + (length - 1) * np.log1p(-1 / length)
        assert expected == pytest.approx(at_best, abs=0.01)
        assert "guess+slip>=1" in model.bundle.skills["x"].flags


def test_no_general_optimiser_finds_anything_higher():
    some = simulated({"x": SkillParameters(0.3, 0.1, 0.0, 0.2, 0.1)}, students=5)
    events = pd.concat([runs(600, 500, 90), some])
    found = BKT(map=False).fit(events).bundle.facts["log_likelihood"]
    rng = np.random.default_rng(1)

    def loss(logits):
        p = 1 / (1 + np.exp(-logits))
        total = 0.0
        for _, one in events.groupby("student", sort=False):
            k, u = np.log(p[PRIOR]), np.log1p(-p[PRIOR])
            for t, y in enumerate(one["correct"]):
                if t:
                    k, u = np.logaddexp(k, u + np.log(p[LEARN])), u + np.log1p(-p[LEARN])
                k += np.log1p(-p[3]) if y else np.log(p[3])
                u += np.log(p[2]) if y else np.log1p(-p[2])
            total += np.logaddexp(k, u)
        return -total

    others = [minimize(loss, rng.normal(-1, 1, 4), method="L-BFGS-B").fun for _ in range(2)]
    assert found >= -min(others) - 1e-4


def test_other_skills_of_the_table_are_fitted_as_before(events):
    alone = BKT().fit(events).params
    together = BKT().fit(pd.concat([events, runs(1_000, 1_000)])).params
    pd.testing.assert_frame_equal(together.loc[alone.index], alone, rtol=1e-9)


def test_a_given_value_stays_given():
    model = BKT(fixed={"guess": 0.25}).fit(runs(1_000, 1_000))
    assert model.params.loc["x", "guess"] == 0.25


def test_forgetting_is_bounded_under_map_unless_bounds_say_otherwise():
    coin = pd.DataFrame({"student": np.repeat(np.arange(60), 10), "skill": "x"})
    coin["correct"] = np.random.default_rng(0).random(600) < 0.5 + 0.4 * (coin.index % 2)
    coin = coin.astype({"student": str, "correct": int})
    assert BKT(forgets=True).fit(coin).params.loc["x", "forget"] <= 0.1
    assert BKT(forgets=True, map=False).fit(coin).params.loc["x", "forget"] > 0.5
    wide = BKT(forgets=True, bounds={"forget": (0.0, 0.9)}).fit(coin)
    assert 0.1 < wide.params.loc["x", "forget"] <= 0.9
    with pytest.raises(InvalidInput, match="bounds, forget"):
        BKT(bounds={"forget": (0.0, 1.9)})
