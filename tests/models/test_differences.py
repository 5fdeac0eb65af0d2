"""How students of one log differ: recovered where the truth is known."""

import numpy as np
import pytest

from models.differences import alike, speeds, starts


def test_speeds_follow_how_often_each_learnt_and_are_shrunk_to_the_usual():
    rng = np.random.default_rng(0)
    true = rng.gamma(6.0, 1 / 6.0, size=400)
    expected = np.full(400, 15.0)
    found, shape = speeds(rng.poisson(true * expected).astype(float), expected)
    assert np.corrcoef(found, true)[0, 1] > 0.8
    assert found.std() < true.std()
    assert 3.0 <= shape <= 12.0


def test_students_alike_are_found_alike():
    rng = np.random.default_rng(1)
    found, shape = speeds(rng.poisson(15.0, size=400).astype(float), np.full(400, 15.0))
    assert shape >= 80.0
    assert found == pytest.approx(1.0, abs=0.1)


def test_starts_follow_what_each_held_at_first():
    rng = np.random.default_rng(2)
    true = rng.normal(0, 0.8, size=200)
    student = np.repeat(np.arange(200), 20)
    held = (rng.random(4000) < 1 / (1 + np.exp(1.0 - true[student]))).astype(float)
    known = alike(200)
    for _ in range(20):
        shift, sd = starts(student, np.full(4000, -1.0), held, known)
        known = known._replace(start=shift, start_sd=sd)
    assert np.corrcoef(shift, true)[0, 1] > 0.7
    assert sd == pytest.approx(0.8, abs=0.15)
