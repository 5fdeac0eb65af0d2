"""Lessons happen on school days, in school hours, and never in the holiday."""

from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
import pytest

from data.school.timetable import (
    FASTEST,
    LESSONS_A_WEEK,
    SCHOOL_CLOSES,
    SCHOOL_OPENS,
    SLOWEST,
    draw_paces,
    end_of_term,
    holiday_week,
    lesson_times,
    plan_lessons,
)

START = date(2025, 9, 8)


@pytest.mark.parametrize("seed", range(5))
def test_lessons_are_on_weekdays_in_school_hours(seed):
    for at in lesson_times(np.random.default_rng(seed), start=START, weeks=14):
        assert at.weekday() < 5
        assert SCHOOL_OPENS <= at.time() <= SCHOOL_CLOSES


def test_every_week_but_the_holiday_has_its_lessons():
    times = lesson_times(np.random.default_rng(1), start=START, weeks=14)
    weeks = [(at.date() - START).days // 7 for at in times]
    assert sorted(set(range(14)) - set(weeks)) == [holiday_week(14)]
    assert len(times) == 13 * LESSONS_A_WEEK


def test_a_term_that_starts_on_a_thursday_has_no_lesson_before_it():
    thursday = date(2025, 9, 11)
    for seed in range(10):
        times = lesson_times(np.random.default_rng(seed), start=thursday, weeks=3)
        assert all(at.date() >= thursday for at in times)
    assert end_of_term(thursday, 1) == datetime(2025, 9, 12, 15, 30, tzinfo=UTC)


def test_a_class_goes_through_the_course_without_leaving_anything_out():
    times = lesson_times(np.random.default_rng(1), start=START, weeks=14)
    lessons = plan_lessons(times, pace=1.3, skills=30)
    positions = [lesson.position for lesson in lessons]
    assert positions == sorted(positions)
    assert set(positions) == set(range(max(positions) + 1))


def test_a_skill_opens_once_and_closes_when_the_class_moves_on():
    times = lesson_times(np.random.default_rng(1), start=START, weeks=14)
    lessons = plan_lessons(times, pace=0.9, skills=30)
    for lesson, following in pairwise(lessons):
        assert lesson.closes == following.opens == (following.position > lesson.position)


def test_a_fast_class_gets_further_than_a_slow_one():
    times = lesson_times(np.random.default_rng(1), start=START, weeks=14)
    slow, fast = (plan_lessons(times, pace=pace, skills=30)[-1] for pace in (SLOWEST, FASTEST))
    assert fast.position > slow.position


def test_a_class_that_reaches_the_end_of_the_course_stays_there():
    times = lesson_times(np.random.default_rng(1), start=START, weeks=14)
    assert plan_lessons(times, pace=1.0, skills=4)[-1].position == 3


def test_classes_have_different_paces():
    paces = draw_paces(np.random.default_rng(1), 3)
    assert len(set(paces)) == 3
    assert min(paces) >= SLOWEST
    assert max(paces) <= FASTEST
