"""The outer fringe, and what each intent takes from it."""

import pytest

from engine.requests import INTENTS
from engine.tasks import blocked_skills, is_stuck, ready_to_assess, tasks_for

FALLEN = "1111000"  # secure once, and then not


def asked(situation, answers, **request):
    return [tuple(task) for task in tasks_for(situation(answers, **request))]


def test_a_beginner_learns_what_builds_on_nothing(situation):
    assert asked(situation, {}) == [("fraction", "learn")]


def test_a_secure_skill_opens_those_that_build_on_it(situation):
    assert asked(situation, {"fraction": "1111"}) == [("ratio", "learn"), ("percent", "learn")]


def test_a_skill_waits_until_all_of_its_prerequisites_are_held(situation):
    known = {"fraction": "1111", "ratio": "1111"}
    assert ("rate", "learn") not in asked(situation, known)
    assert ("rate", "learn") in asked(situation, {**known, "percent": "1111"})


def test_what_has_fallen_is_reviewed(situation):
    answers = {"fraction": FALLEN}
    assert asked(situation, answers) == [("fraction", "review")]
    assert asked(situation, answers, intent="review") == [("fraction", "review")]
    assert asked(situation, {}, intent="review") == []


def test_practice_goes_on_with_what_was_begun(situation):
    answers = {"fraction": "1111", "percent": "1"}
    assert asked(situation, answers, intent="practice") == [("percent", "practice")]
    assert asked(situation, {}, intent="practice") == [("fraction", "practice")]


def test_an_assessment_is_offered_from_eighty_per_cent_with_three_answers(situation):
    assert ready_to_assess(situation({"fraction": "11"})) == ()
    assert ready_to_assess(situation({"fraction": "111"})) == ("fraction",)
    assert ready_to_assess(situation({"fraction": "100"})) == ()
    assert asked(situation, {"fraction": "111"}, intent="assess") == [("fraction", "assess")]


def test_what_a_check_has_confirmed_is_not_offered_again(situation):
    assert ready_to_assess(situation({"fraction": "1111"}, activity="fraction-quiz")) == ()


def test_a_diagnosis_asks_about_what_is_unknown_even_behind_the_unknown(situation):
    assert len(asked(situation, {}, intent="diagnose")) == 5
    assert ("fraction", "diagnose") not in asked(situation, {"fraction": "110"}, intent="diagnose")


def test_a_diagnosis_asks_about_nothing_that_builds_on_what_is_missing(situation):
    assert asked(situation, {"fraction": "000"}, intent="diagnose") == []


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("answers", [{}, {"fraction": "1111"}, {"fraction": FALLEN, "ratio": "1"}])
def test_no_intent_works_on_a_blocked_skill(situation, intent, answers):
    now = situation(answers, intent=intent)
    assert not dict(blocked_skills(now)).keys() & {task.skill for task in tasks_for(now)}


def test_blocked_skills_name_the_prerequisite_they_wait_for(situation):
    assert dict(blocked_skills(situation({}))) == {
        "ratio": "fraction",
        "percent": "fraction",
        "slope": "ratio",
        "rate": "ratio",
    }


def test_ten_answers_that_led_nowhere_are_an_alert(situation):
    assert is_stuck(situation({"fraction": "0" * 10}), "fraction")
    assert not is_stuck(situation({"fraction": "0" * 9}), "fraction")
    assert not is_stuck(situation({"fraction": "0" * 10 + "1111"}), "fraction")
