"""A spread over students is believed only where the log shows one."""

import pytest

from training.benchmarks.differing import differing


def test_in_a_school_where_all_learn_alike_nothing_is_said_of_anybody():
    found = differing(0.0, skills=20, students=160)
    assert (found.spread, found.used) == (0.0, 0.0)


@pytest.fixture(scope="module")
def unlike():
    return differing(0.9, skills=30, students=160)


def test_where_students_differ_the_spread_is_found(unlike):
    assert unlike.spread >= 0.45


def test_what_is_said_of_the_others_points_the_right_way(unlike):
    assert unlike.used > 0.1
    assert unlike.right >= 0.9


def test_with_few_answers_nothing_is_said():
    assert differing(0.9, skills=2, students=160).used == 0.0
