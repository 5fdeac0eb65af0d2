import numpy as np

from models.curvature import AT_INFINITY, at_a_bound, covariance_of, steps_from, symmetric

RNG = np.random.default_rng(3)
ROOT = RNG.normal(size=(2, 5, 5))
INFORMATION = ROOT @ ROOT.transpose(0, 2, 1) + np.eye(5)
GRADIENT = RNG.normal(size=(2, 5))
FREE = np.array([True, True, False, True, True])


def test_the_first_step_is_newtons_and_promises_what_the_quadratic_gains():
    steps, promise = steps_from(GRADIENT, -INFORMATION, np.ones(5, dtype=bool))
    for skill in range(2):
        newton = np.linalg.solve(INFORMATION[skill], GRADIENT[skill])
        np.testing.assert_allclose(steps[skill, 0], newton, rtol=1e-9)
        np.testing.assert_allclose(promise[skill], GRADIENT[skill] @ newton / 2, rtol=1e-9)


def test_no_step_goes_downhill_not_even_from_a_saddle():
    for curved in (-INFORMATION, INFORMATION, -ROOT - ROOT.transpose(0, 2, 1)):
        steps, promise = steps_from(GRADIENT, curved, np.ones(5, dtype=bool))
        assert (np.einsum("slj,sj->sl", steps, GRADIENT) > 0.0).all()
        assert (promise > 0.0).all()


def test_what_is_fixed_stays_where_it_is():
    steps, _ = steps_from(GRADIENT, -INFORMATION, FREE)
    np.testing.assert_allclose(steps[:, :, 2], 0.0, atol=1e-12)


def test_what_has_run_to_a_bound_is_set_aside_unless_it_would_come_back():
    logits = np.array([AT_INFINITY + 1, -AT_INFINITY - 1, AT_INFINITY + 1, 3.0])
    assert at_a_bound(logits, np.array([0.1, -0.1, -0.1, 0.1])).tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_the_covariance_is_the_inverse_information_of_what_is_free():
    found = covariance_of(-INFORMATION, FREE)
    some = np.flatnonzero(FREE)
    inverse = np.linalg.inv(INFORMATION[:, some][:, :, some])
    np.testing.assert_allclose(found[:, some][:, :, some], inverse, rtol=1e-9)
    assert np.isnan(found[:, 2]).all()


def test_a_direction_without_information_leaves_its_parameter_open_and_no_other():
    flat = INFORMATION.copy()
    flat[:, 1], flat[:, :, 1] = 0.0, 0.0
    found = covariance_of(-flat, np.ones(5, dtype=bool))
    assert np.isnan(found[:, 1, 1]).all()
    assert np.isfinite(found[:, 0, 0]).all()


def test_the_symmetric_part_is_symmetric():
    found = symmetric(ROOT)
    np.testing.assert_array_equal(found, found.transpose(0, 2, 1))
