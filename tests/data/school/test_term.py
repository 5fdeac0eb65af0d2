"""A term has its absences, its reviews, and its order."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np

from data.mathematics import middle_school_mathematics
from data.school.course import draw_course
from data.school.learner import Learner, draw_memories, draw_traits
from data.school.term import attended, days_since, live_through, midnight
from data.school.timetable import lesson_times, plan_lessons

START = date(2025, 9, 8)
COURSE = draw_course(np.random.default_rng(3), middle_school_mathematics())
LESSONS = plan_lessons(
    lesson_times(np.random.default_rng(1), start=START, weeks=14), pace=1.1, skills=32
)


def term(*, seed=1, ahead=False, present=None):
    rng = np.random.default_rng(seed)
    traits = draw_traits(rng, rarely_there=False)
    student = Learner("ana", traits, draw_memories(rng, COURSE, traits), course=COURSE, rng=rng)
    return live_through(
        student,
        LESSONS,
        present=range(len(LESSONS)) if present is None else present,
        course=COURSE,
        rng=rng,
        begins=midnight(START),
        ahead=ahead,
    )


def positions(answers):
    return [COURSE.order.index(answer.item.rsplit("-", 1)[0]) for answer in answers]


def test_answers_follow_each_other_in_time_with_room_for_thinking():
    answers = term()
    for before, after in pairwise(answers):
        thinking = timedelta(milliseconds=after.response_ms)
        assert after.time - before.time >= thinking - timedelta(seconds=1)


def test_a_lesson_ends_before_the_school_day_does():
    assert all(answer.time.hour < 15 for seed in range(5) for answer in term(seed=seed))


def test_a_question_waits_for_every_skill_it_needs():
    by_day = {lesson.at.date(): lesson.position for lesson in LESSONS}
    for answer in term():
        reached = by_day[answer.time.date()]
        assert all(COURSE.order.index(s) <= reached for s in answer.skill.split("~~"))


def test_the_class_skill_is_practised_and_earlier_ones_come_back():
    answers = term()
    by_day = {lesson.at.date(): lesson.position for lesson in LESSONS}
    behind = [by_day[a.time.date()] - p for a, p in zip(answers, positions(answers), strict=True)]
    assert min(behind) == 0
    assert 0.02 < np.mean(np.array(behind) > 0) < 0.4


def test_who_works_ahead_gets_further():
    assert max(positions(term(ahead=True))) > max(positions(term()))


def test_checks_happen_when_the_class_moves_on():
    closing = {lesson.at.date() for lesson in LESSONS if lesson.closes}
    checks = [a for a in term() if a.activity and a.activity.endswith("-check")]
    assert checks
    assert {answer.time.date() for answer in checks} <= closing


def test_who_is_never_there_answers_nothing():
    assert term(present=[]) == []


def test_some_students_miss_a_week_and_absentees_miss_most():
    def missed(attendance, seed):
        rng = np.random.default_rng(seed)
        return len(LESSONS) - len(attended(rng, LESSONS, attendance=attendance, joined=START))

    assert {0, 2} <= {missed(1.0, seed) for seed in range(30)} <= {0, 1, 2}
    assert min(missed(0.1, seed) for seed in range(30)) > len(LESSONS) / 2


def test_nobody_attends_lessons_that_do_not_exist():
    for seed in range(10):
        assert attended(np.random.default_rng(seed), [], attendance=1.0, joined=START) == []


def test_days_are_counted_by_the_school_clock():
    assert days_since(midnight(START), datetime(2025, 9, 9, 6, tzinfo=UTC)) == 1.25
