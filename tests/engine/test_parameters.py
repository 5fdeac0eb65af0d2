import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.parameters import DRAWS, SkillEstimate, SkillParameters, draws_around

HALF = SkillParameters(1.0, 1.0, 1.0, 0.5, 0.5)
ONE = SkillParameters(0.3, 0.1, 0.0, 0.2, 0.1)


def test_every_parameter_out_of_range_is_named_at_once():
    with pytest.raises(InvalidInput, match=r"(?s)skill x, prior.*skill x, slip"):
        SkillParameters(-0.1, 0.5, 0.5, 0.5, float("nan")).checked("skill x")


def test_draws_have_the_covariance_they_are_asked_for():
    root = np.random.default_rng(0).normal(0, 0.3, (5, 5))
    covariance = root @ root.T
    one = SkillParameters(0.3, 0.1, 0.2, 0.2, 0.1)
    draws = draws_around(one, covariance, HALF)
    logits = np.log(draws) - np.log(np.array(HALF) - draws)
    np.testing.assert_allclose(np.cov(logits.T, bias=True), covariance, atol=1e-9)
    centre = np.log(one) - np.log(np.array(HALF) - one)
    np.testing.assert_allclose(logits.mean(axis=0), centre, atol=1e-9)


def test_draws_stay_inside_their_bounds_however_unsure():
    draws = draws_around(ONE, np.eye(5) * 100.0, HALF)
    assert draws.shape == (DRAWS, 5)
    assert ((draws >= 0) & (draws <= np.array(HALF))).all()
    assert (draws[:, 2] == 0.0).all()


def test_a_parameter_at_its_bound_stays_there():
    at_bound = SkillParameters(1.0, 0.0, 0.0, 0.5, 0.1)
    draws = draws_around(at_bound, np.eye(5), HALF)
    assert (draws[:, :4] == at_bound[:4]).all()
    assert np.isfinite(draws).all()


def test_readers_of_the_same_estimate_get_the_same_draws():
    one, two = (SkillEstimate(ONE, ONE, np.eye(5)) for _ in range(2))
    np.testing.assert_array_equal(one.draws, two.draws)
