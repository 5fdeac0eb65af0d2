"""Every replicate beside the same number of a table with its students' rows written out."""

import math

import numpy as np
import pytest

from training import metrics
from training.bootstrap import interval, resampled, resampled_auc, resampled_mean


@pytest.fixture
def answers():
    rng = np.random.default_rng(8)
    student = rng.integers(0, 6, 80)
    return rng.integers(0, 9, 80) / 8, rng.choice([0.0, 1.0, 0.25], 80), student


def written_out(student, counts):
    return np.concatenate(
        [np.repeat(np.flatnonzero(student == s), n) for s, n in enumerate(counts)]
    )


def test_each_replicate_is_the_auc_of_the_students_drawn(answers):
    p, c, student = answers
    drawn = resampled(6, replicates=20, rng=np.random.default_rng(1))
    expected = [metrics.auc(p[rows], c[rows]) for rows in (written_out(student, d) for d in drawn)]
    np.testing.assert_allclose(resampled_auc(p, c, student, drawn), expected, atol=1e-12)


def test_each_replicate_is_the_mean_over_the_responses_drawn(answers):
    p, _, student = answers
    drawn = resampled(6, replicates=20, rng=np.random.default_rng(1))
    expected = [p[written_out(student, d)].mean() for d in drawn]
    np.testing.assert_allclose(resampled_mean(p, student, drawn), expected, atol=1e-12)


def test_a_draw_without_pairs_has_no_auc():
    found = resampled_auc(np.array([0.2, 0.8]), np.ones(2), np.array([0, 1]), np.array([[1, 1]]))
    assert math.isnan(found[0])
    assert all(map(math.isnan, interval(found)))


def test_draws_that_have_no_number_are_left_out():
    assert interval(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
