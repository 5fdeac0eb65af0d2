"""What a class is working on is read from its latest answers."""

from __future__ import annotations

from datetime import timedelta

from engine.beliefs import student_beliefs
from engine.curriculum import Curriculum
from serving.pages.current import current_objective


def beliefs(responses, model, course):
    return student_beliefs(responses, model, course.skills).values()


def test_the_objective_answered_lately_is_the_one(answers, model, course):
    late = [
        r._replace(occurred_at=r.occurred_at + timedelta(days=60))
        for r in answers(1.0, skill="slope")
    ]
    found = beliefs([*answers(1.0, 1.0, 1.0), *late], model, course)
    assert current_objective(course, found) == "lines"


def test_answers_to_a_prerequisite_do_not_count_for_what_builds_on_it(answers, model, course):
    assert current_objective(course, beliefs(answers(1.0), model, course)) == "early"


def test_a_tie_goes_to_the_later_one(answers, model, course):
    both = [*answers(1.0), *answers(1.0, skill="slope"), *answers(1.0, skill="ratios")]
    assert current_objective(course, beliefs(both, model, course)) == "lines"


def test_before_any_answer_it_is_the_first(model, course):
    assert current_objective(course, beliefs([], model, course)) == "early"


def test_without_objectives_there_is_none():
    assert current_objective(Curriculum.of(), []) is None
