"""The drill-down says what is believed and why, and claims no more than the answers carry."""

from __future__ import annotations

import pytest

from engine.beliefs import student_beliefs
from engine.trails import evidence_trail
from serving.pages.trail import MOST_ANSWERS, trail
from serving.pages.words import percent


@pytest.fixture
def told(course, model, answers):
    def make(*scores, skill="fractions", **changes):
        given = [r._replace(**changes) for r in answers(*scores, skill=skill)]
        belief = student_beliefs(given, model, [skill])[skill]
        return trail(course, model, belief, evidence_trail(given, model, skill))

    return make


def test_without_answers_it_says_nothing_is_known_and_draws_nothing(told):
    found = told()
    assert "Nothing is known about “Adding fractions”" in found.belief
    assert (found.chart, found.answers, found.why) == (None, (), ())
    assert "would make it secure" in found.change[0]


def test_two_answers_are_too_early_to_say(told):
    assert told(1.0, 1.0).belief.startswith("Too early to say: 2 answers are not enough.")


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ([1.0] * 5, "Secure:"),
        ([0.0] * 5, "Probably not mastered yet:"),
        ([0.0, 1.0, 1.0], "More likely mastered than not, but not secure:"),
        ([1.0] * 4 + [0.0] * 3, "Secure once, and due for review:"),
    ],
)
def test_the_verdict_is_the_state_in_words(told, scores, verdict):
    assert told(*scores).belief.startswith(verdict)


def test_the_sentence_the_chart_and_the_table_agree(told, course, model, answers):
    found = told(1.0, 0.0, 1.0)
    newest = found.answers[0]
    assert newest.value == found.shown.value
    assert newest.mastery in found.belief
    assert len(found.chart.marks) == len(found.answers) == 3


def test_answers_are_listed_newest_first_with_what_was_asked(told):
    found = told(1.0, 0.5, 0.0, item="f-1", activity="cards")
    said = [(line.number, line.result, line.item, line.activity) for line in found.answers]
    asked = ("1/2 + 1/3 = ?", "Fraction cards")
    assert said == [(3, "Wrong", *asked), (2, "Partly right (50%)", *asked), (1, "Right", *asked)]


def test_the_answer_that_moved_it_most_is_named(told):
    found = told(0.0, 0.0, 1.0, 1.0, 0.0)
    values = [line.value for line in reversed(found.answers)]
    most = max(range(1, 5), key=lambda i: abs(values[i] - values[i - 1]))
    said = next(line for line in found.why if line.startswith("What moved it most"))
    assert said.endswith(f"from {percent(values[most - 1])} to {percent(values[most])}.")


def test_where_no_answer_stands_out_none_is_named(told):
    assert not any("moved it most" in line for line in told(1.0).why)


def test_what_a_wrong_answer_would_do_is_what_it_does(told):
    promised = told(1.0, 1.0).change[-1]
    assert promised == f"A wrong answer next would put it at {told(1.0, 1.0, 0.0).shown.percent}."


def test_of_a_long_history_the_latest_answers_are_shown_and_the_rest_counted(told):
    found = told(*[1.0, 0.0] * 150)
    assert len(found.answers) == MOST_ANSWERS
    assert found.answers[0].number == 300
    assert found.omitted == "The latest 200 of 300 answers."


def test_a_stand_in_for_an_unknown_skill_is_called_one(told):
    assert any("stands in" in line for line in told(1.0, skill="knitting").why)
