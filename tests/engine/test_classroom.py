"""A class on one objective."""

import pytest

from engine.classroom import classroom
from engine.errors import InvalidInput


def test_prerequisites_are_what_the_targets_build_on(course, believed):
    room = classroom(course, "rates", {"ana": believed({})})
    assert set(room.prerequisites) == {"fraction", "ratio", "percent"}
    assert set(room.targets) == {"slope", "rate"}
    assert room.skills == room.prerequisites + room.targets
    assert room.odds.tiers.shape == (1, 3)


def test_answers_on_the_objective_are_counted_and_others_are_not(course, believed):
    room = classroom(course, "basics", {"ana": believed({"fraction": "10", "slope": "1"})})
    assert room.answers(0) == 2


def test_an_answer_on_a_combination_shows_that_the_student_has_begun(course, believed):
    beliefs = {"ana": believed({"fraction~~latin": "1"}), "ben": believed({"slope": "1"})}
    room = classroom(course, "basics", beliefs)
    assert room.has_answered(0)
    assert not room.has_answered(1)
    assert room.answers(0) == 0


def test_an_unknown_objective_is_refused_with_those_that_exist(course):
    with pytest.raises(InvalidInput, match="rates, basics, empty"):
        classroom(course, "algebra", {})


def test_a_missing_belief_names_the_student_and_the_skill(course):
    with pytest.raises(InvalidInput, match=r"student ana: got 'fraction'"):
        classroom(course, "basics", {"ana": {}})
