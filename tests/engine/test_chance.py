"""Chance is a function of who decides what for whom, and of nothing else."""

import numpy as np

from engine.chance import Chance


def test_the_same_decision_draws_the_same_number_on_every_machine():
    assert Chance("ana", 3).uniform("explore") == 0.1815285460817434


def test_student_decision_and_purpose_each_change_the_draw():
    draws = {
        Chance("ana", 1).uniform("explore"),
        Chance("ben", 1).uniform("explore"),
        Chance("ana", 2).uniform("explore"),
        Chance("ana", 1).uniform("which"),
        Chance("ana1", 1).uniform("explore"),
    }
    assert len(draws) == 5


def test_draws_are_spread_evenly_from_0_to_1():
    draws = np.array([Chance(f"s{n}", n).uniform("explore") for n in range(4000)])
    assert draws.min() >= 0.0
    assert draws.max() < 1.0
    counts = np.histogram(draws, bins=10, range=(0.0, 1.0))[0]
    assert np.abs(counts - 400).max() < 100  # five standard deviations


def test_any_unicode_names_a_student():
    assert 0.0 <= Chance("Zoë 🦉 \ud800", 0).uniform("explore") < 1.0
