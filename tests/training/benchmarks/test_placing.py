"""Placement judged on students whose knowledge is known."""

import pytest

from training.benchmarks.placing import place_students


@pytest.fixture(scope="module")
def placed():
    return place_students(students=40)


def test_questions_chosen_over_the_graph_beat_none_and_as_many_at_random(placed):
    for one in placed:
        assert one.chosen > one.before
        assert one.chosen > one.random_8


def test_the_stop_rule_asks_no_more_than_twelve(placed):
    assert all(0 < one.asked <= 12 for one in placed)


def test_the_same_seed_gives_the_same_accuracy(placed):
    assert place_students(students=40) == placed
