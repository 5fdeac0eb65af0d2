import numpy as np
import pytest
from numba import njit

from models.lanes import LANES, keep_where, load, logarithm, spread, store

A = np.arange(1.0, LANES + 1.0)
B = A[::-1] / 3.0


@njit
def arithmetic(a, b, out):
    x, y = load(a, 0), load(b, 0)
    total = spread(0.0)
    for _ in range(3):
        total += x * y * 2.0 - 1.0 / y
    total /= 2.0
    store(out, 0, total)


@njit
def kept(a, b, out):
    store(out, 0, keep_where(load(a, 0), 4.0, load(b, 0)))


def test_a_kernel_in_lanes_computes_what_numpy_does():
    out = np.empty(LANES)
    arithmetic(A, B, out)
    np.testing.assert_array_equal(out, 3 * (A * B * 2 - 1 / B) / 2)


def test_lanes_are_kept_where_they_are_above_a_limit():
    out = np.empty(LANES)
    kept(A, B, out)
    np.testing.assert_array_equal(out, np.where(A > 4.0, B, 0.0))


@njit
def logarithms(a, out):
    store(out, 0, logarithm(load(a, 0)))


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 0.5, 1.0, 3.0, 1e15, 1e300])
def test_the_logarithm_is_right_to_the_last_digits(scale):
    values, out = scale * np.linspace(0.5, 1.9, LANES), np.empty(LANES)
    logarithms(values, out)
    np.testing.assert_allclose(out, np.log(values), rtol=4e-16, atol=4e-16)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_what_has_no_logarithm_stays_visible(value):
    out = np.empty(LANES)
    logarithms(np.full(LANES, value), out)
    assert np.isnan(out).all()
