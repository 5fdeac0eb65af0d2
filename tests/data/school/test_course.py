"""The truth about a course is complete, and differs between questions and activities as in life."""

import numpy as np

from data.mathematics import middle_school_mathematics
from data.school.course import course_order, draw_course, suits
from engine.curriculum import LEVELS

MATHEMATICS = middle_school_mathematics()
COURSE = draw_course(np.random.default_rng(3), MATHEMATICS)


def test_every_skill_is_taught_once_and_after_its_prerequisites():
    order = course_order(MATHEMATICS)
    assert sorted(order) == sorted(MATHEMATICS.skills)
    for skill in MATHEMATICS.skills.values():
        assert all(order.index(p) < order.index(skill.id) for p in skill.prerequisites)


def test_objectives_are_finished_one_after_the_other():
    order = course_order(MATHEMATICS)
    ends = [max(map(order.index, o.skills)) for o in MATHEMATICS.objectives.values()]
    assert ends == sorted(ends)


def test_every_question_and_activity_has_its_truth():
    assert set(COURSE.questions) == set(MATHEMATICS.items)
    assert set(COURSE.effects) == set(MATHEMATICS.activities)
    assert min(COURSE.effects.values()) > 0


def test_questions_listed_later_are_harder_on_the_whole():
    def mean(number):
        return np.mean([COURSE.questions[f"{s}-{number}"].difficulty for s in MATHEMATICS.skills])

    assert mean(1) < mean(4) < mean(7)


def test_some_questions_can_be_guessed_and_others_hardly():
    guesses = np.array([question.guess for question in COURSE.questions.values()])
    assert 0.3 < (guesses > 0.1).mean() < 0.6
    assert guesses.max() <= 0.3


def test_workshops_teach_more_than_readings_on_the_whole():
    def mean(modality):
        activities = MATHEMATICS.activities.values()
        return np.mean([COURSE.effects[a.id] for a in activities if a.modality == modality])

    assert mean("workshop") > mean("interactive exercise") > mean("reading")


def test_each_level_suits_the_students_it_is_made_for():
    best = [max(LEVELS, key=lambda level: suits(level, p)) for p in (-2.0, 0.2, 2.0)]
    assert best == list(LEVELS)


def test_shelves_keep_teaching_practice_and_checks_apart():
    shelf = COURSE.shelves["slope"]
    assert all(not activity.items for activity in shelf.teaching)
    assert all(activity.items and not activity.assesses for activity in shelf.exercises)
    assert [activity.id for activity in shelf.checks] == ["slope-check"]
