"""What a student needs now is what would be recommended, under the tier they sit in."""

from __future__ import annotations

import pytest

from engine.beliefs import student_beliefs
from engine.chance import Chance
from engine.policy import recommend
from engine.requests import Request
from engine.tiers import need_groups
from serving.pages.needs import activity_name, needs


@pytest.fixture
def found(course, model, answers):
    def decide(objective="lines", **answered):
        given = {
            student: [r for skill, scores in by.items() for r in answers(*scores, skill=skill)]
            for student, by in answered.items()
        }
        beliefs = {s: student_beliefs(r, model, course.skills) for s, r in given.items()}
        following = {
            student: recommend(
                course,
                beliefs[student],
                history=history,
                bundle=model,
                request=Request(n=1, objective=objective, teacher_available=True),
                chance=Chance(student, len(history)),
            )
            for student, history in given.items()
        }
        return needs(course, need_groups(course, objective, beliefs), following), following

    return decide


def test_everyone_of_the_class_has_a_need(found):
    needed, _ = found(ana={"fractions": [1.0] * 6}, ben={"fractions": [0.0] * 6}, cy={})
    assert set(needed) == {"ana", "ben", "cy"}


def test_a_student_without_the_groundwork_needs_it_first(found):
    needed, following = found(ben={"fractions": [0.0] * 6, "ratios": [0.0] * 3})
    assert needed["ben"].tier == "support"
    assert following["ben"].candidates[0].skill == "fractions"
    assert needed["ben"].focus == "Adding fractions"


def test_a_student_without_answers_is_not_guessed_into_a_tier(found):
    needed, _ = found(cy={})
    assert needed["cy"].tier == "unplaced"
    assert needed["cy"].focus.startswith("Find out first")


def test_a_student_who_is_stuck_needs_the_teacher(found):
    needed, following = found(ben={"fractions": [0.0] * 15})
    assert following["ben"].status == "needs_teacher"
    assert needed["ben"].teacher


def test_a_student_who_has_it_all_needs_nothing(found):
    right = [1.0] * 8
    needed, _ = found(ana={"fractions": right, "ratios": right, "slope": right})
    assert (needed["ana"].tier, needed["ana"].focus) == ("advanced", "Everything here is secure")


def test_an_activity_that_is_gone_is_called_by_its_id(course):
    assert activity_name(course, "cards") == "Fraction cards"
    assert activity_name(course, "old-one") == "old-one"


def test_an_uncertain_place_says_which_activity_would_tell_most(found):
    needed, _ = found(ana={"fractions": [1.0]})
    assert needed["ana"].provisional
    assert needed["ana"].reasons[-1] == "“Fraction cards” would tell most."
