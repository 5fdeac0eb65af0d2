"""In logarithms, against slow arithmetic and against probabilities where both can go."""

import mpmath
import numpy as np
import pytest

from engine.tables import classic_indexed, classic_tables
from models.counts import count
from models.division import divided
from models.far import far_height

RNG = np.random.default_rng(8)
PARAMETERS = np.array([[0.4, 0.1, 0.0, 0.2, 0.1]])


def exact_height(correct, prior, learn, guess, slip):
    """log P(answers) without forgetting, in 50 digits."""
    with mpmath.workdps(50):
        known, unknown = mpmath.mpf(prior), 1 - mpmath.mpf(prior)
        for t, y in enumerate(correct):
            if t:
                known, unknown = known + unknown * learn, unknown * (1 - mpmath.mpf(learn))
            known *= (1 - mpmath.mpf(slip)) if y else mpmath.mpf(slip)
            unknown *= mpmath.mpf(guess) if y else 1 - mpmath.mpf(guess)
        return float(mpmath.log(known + unknown))


@pytest.mark.parametrize("learn", [0.0, 0.001])
def test_a_hundred_thousand_right_then_as_many_wrong_count_as_exact_arithmetic_says(learn):
    correct = np.repeat([1.0, 0.0], 100_000)
    one = classic_indexed(np.array([0, 200_000]), np.array([0]), correct)
    tables = classic_tables(np.array([[0.4, learn, 0.0, 0.2, 0.1]]))
    found = count(one, divided(one, np.array([0, 1])), tables)
    expected = exact_height(correct, 0.4, learn, 0.2, 0.1)
    assert found.log_likelihood[0] == pytest.approx(expected, rel=1e-9)
    assert found.counts.guess.sum() + found.counts.slip.sum() == pytest.approx(200_000)
    assert found.counts.prior.sum() == pytest.approx(1.0)


def test_logarithms_and_probabilities_agree_where_both_can_go():
    correct = RNG.integers(0, 2, 40).astype(float)
    one = classic_indexed(np.array([0, 40]), np.array([0]), correct)
    tables = classic_tables(PARAMETERS)
    near = count(one, divided(one, np.array([0, 1])), tables).log_likelihood[0]
    assert far_height(one, tables, 0, 0) == pytest.approx(near, abs=1e-11)


def test_far_and_near_counts_agree_at_the_hand_over():
    # one wrong answer too few and one enough to leave the road of plain probabilities
    found = []
    for rights in (390, 400, 410):
        correct = np.repeat([1.0, 0.0, 1.0], [rights, 5, 5])
        one = classic_indexed(np.array([0, len(correct)]), np.array([0]), correct)
        counts = count(one, divided(one, np.array([0, 1])), classic_tables(PARAMETERS)).counts
        found.append([counts.slip[0, 0, 0], counts.prior[0, 0, 0], counts.learn[0, 0, 1]])
    np.testing.assert_allclose(found[0], found[2], rtol=1e-6)
