"""What a decision rests on: the scope, what is held, and the odds of the next answer."""

import pytest

from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.errors import InvalidInput
from engine.requests import Request
from engine.situation import situate


def test_without_objective_or_goal_every_skill_counts(situation, course):
    assert situation({}).scope == tuple(course.skills)


def test_an_objective_and_a_goal_bring_what_they_build_on(situation):
    assert situation({}, objective="basics").scope == ("fraction",)
    assert situation({}, goal="ratio").scope == ("fraction", "ratio")
    both = situation({}, objective="basics", goal="percent")
    assert both.scope == ("fraction", "percent")
    assert both.path == {"fraction", "percent"}


def test_a_prerequisite_below_the_gate_is_missing(situation):
    assert situation({}).missing("ratio") == ["fraction"]
    assert situation({"fraction": "111"}).missing("ratio") == []


def test_the_weakest_missing_prerequisite_comes_first(situation):
    now = situation({"fraction": "1111", "ratio": "1", "percent": "0"})
    assert now.missing("rate") == ["percent", "ratio"]


def test_a_skill_that_is_held_keeps_nothing_waiting(situation):
    assert situation({}).waiting_for("fraction") == ["ratio", "percent"]
    assert situation({"fraction": "111"}).waiting_for("fraction") == []


def test_the_last_activity_is_the_one_answered_last_whatever_the_order(
    course, bundle, answered, believed
):
    answers = {"fraction": "1", "ratio": "1"}
    history = answered(answers)[::-1]
    beliefs = believed(answers)
    now = situate(course, beliefs, history=history, bundle=bundle, request=Request())
    assert now.last == "ratio-practice"
    assert now.done == {"fraction-practice", "ratio-practice"}


def test_a_missing_belief_is_named(course, bundle):
    with pytest.raises(InvalidInput, match="slope"):
        situate(course, {}, history=[], bundle=bundle, request=Request())


def test_the_next_answer_is_predicted_from_the_questions_that_are_asked(situation):
    now = situation({"fraction": "11"})
    practice = now.curriculum.activities["fraction-practice"]
    assert now.p_correct(practice) == pytest.approx(now.beliefs["fraction"].p_correct)


@pytest.fixture
def combining():
    return Curriculum.of(
        skills=[Skill("a"), Skill("b")],
        items=[Item("ab", ("b", "a"))],
        activities=[Activity("both", ("a", "b"), items=("ab",))],
    )


def test_a_combination_never_practised_needs_all_of_its_skills(situation, combining):
    now = situation({}, curriculum=combining)
    held = now.mastery("a") * now.mastery("b")
    expected = held * 0.9 + (1 - held) * 0.2
    assert now.p_correct(combining.activities["both"]) == pytest.approx(expected)


def test_a_combination_practised_is_believed_as_itself(situation, combining):
    now = situation({"a~~b": "111"}, curriculum=combining)
    predicted = now.p_correct(combining.activities["both"])
    assert predicted == pytest.approx(now.beliefs["a~~b"].p_correct)


def test_a_question_on_two_skills_is_not_about_either_alone(combining):
    assert not combining.asks_about(combining.activities["both"], "a")
