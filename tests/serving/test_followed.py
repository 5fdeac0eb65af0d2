"""Students carried along believe what a replay would, whatever came in between."""

from dataclasses import asdict

import pytest

from engine.beliefs import student_beliefs
from serving.followed import FollowedStudents

from ..engine.test_together import SKILLS, history, model

KEY = ("north", "ana")


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for skill, one in found.items():
        for name, value in asdict(one).items():
            other = getattr(expected[skill], name)
            assert value == (pytest.approx(other, abs=1e-12) if isinstance(value, float) else other)


@pytest.fixture
def students():
    return FollowedStudents()


def test_more_answers_are_taken_in_and_nothing_else_is_done_again(students):
    bundle, responses = model(), history(12)
    responses[-1] = responses[-1]._replace(skills=("b",))
    students.beliefs(KEY, responses[:-1], bundle, SKILLS)
    before = students._kept[KEY].student.skills
    found = students.beliefs(KEY, responses, bundle, SKILLS)
    after = students._kept[KEY].student.skills
    assert_same(found, student_beliefs(responses, bundle, SKILLS))
    assert {skill for skill in before if after[skill] is before[skill]} == before.keys() - {"b"}


CHANGES = {
    "a late answer": lambda all_: [all_[0], *all_[2:]],
    "a retraction": lambda all_: all_[:5],
    "another mapping": lambda all_: [all_[0]._replace(skills=("new",)), *all_[1:]],
    "nothing any more": lambda _: [],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_history_that_begins_otherwise_is_replayed(students, change):
    bundle, responses = model(), history(12)
    for one in (CHANGES[change](responses), responses, CHANGES[change](responses)):
        found = students.beliefs(KEY, one, bundle, SKILLS)
        assert_same(found, student_beliefs(one, bundle, SKILLS))


def test_another_model_starts_anew(students):
    responses = history(8)
    for bundle in (model(), model("compensatory"), model()):
        found = students.beliefs(KEY, responses, bundle, SKILLS)
        assert_same(found, student_beliefs(responses, bundle, SKILLS))


def test_memory_is_bounded():
    bundle, responses = model(), history(6)
    students = FollowedStudents(most=1)
    found = students.beliefs(KEY, responses, bundle, SKILLS)
    assert_same(found, student_beliefs(responses, bundle, SKILLS))
    assert not students._kept
