"""Counting in one pass beside counting every entry's past anew."""

import numpy as np
import pytest

from models.baselines.records import faded, grouped, since_last, windowed

WINDOWS = np.array([0.5, 2.0, np.inf])


@pytest.fixture
def entries():
    rng = np.random.default_rng(4)
    student = np.sort(rng.integers(0, 3, 60))
    key = rng.integers(0, 3, 60)
    clock = np.concatenate([np.sort(rng.random((student == s).sum()) * 6) for s in range(3)])
    return student, key, clock, rng.choice([0.0, 1.0, 0.25], 60)


def earlier(entries, i):
    student, key, _, _ = entries
    return [j for j in range(i) if student[j] == student[i] and key[j] == key[i]]


def test_windows_count_what_is_near_enough(entries):
    student, key, clock, correct = entries
    found = windowed(grouped(student, key), clock, correct, windows=WINDOWS)
    for i in range(len(student)):
        for w, window in enumerate(WINDOWS):
            near = [j for j in earlier(entries, i) if clock[i] - clock[j] <= window]
            assert found.right[i, w] == pytest.approx(correct[near].sum(), abs=1e-12)
            assert found.wrong[i, w] == pytest.approx((1 - correct[near]).sum(), abs=1e-12)


def test_a_fading_share_is_the_weighted_mean_of_what_came_before(entries):
    student, key, _, correct = entries
    found = faded(grouped(student, key), correct, factor=0.8, rate=0.6, weight=2.0)
    for i in range(len(student)):
        past = earlier(entries, i)[::-1]
        weights = 0.8 ** np.arange(len(past))
        share = (weights @ correct[past] + 2.0 * 0.6) / (weights.sum() + 2.0)
        assert found[i] == pytest.approx(share, abs=1e-12)


def test_the_time_since_the_last_is_infinite_the_first_time(entries):
    student, key, clock, _ = entries
    found = since_last(grouped(student, key), clock)
    for i in range(len(student)):
        past = earlier(entries, i)
        assert found[i] == (clock[i] - clock[past[-1]] if past else np.inf)
