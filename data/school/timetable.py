"""When a class has mathematics, and what it works on: weekdays, school hours, a week's holiday.

The school's clock reads UTC: what a class sees on the wall is what the events carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

TERM_START = date(2025, 9, 8)  # a Monday
TERM_WEEKS = 14  # an autumn term, its holiday included
HOLIDAY_FROM_WEEKS = 6  # shorter terms have no holiday

SCHOOL_DAYS = 5
LESSONS_A_WEEK = 2  # lessons in which answers are recorded
PERIODS = (time(8, 30), time(9, 25), time(10, 40), time(11, 35), time(13, 10))
SCHOOL_OPENS, SCHOOL_CLOSES = time(8, 0), time(15, 30)

SLOWEST, FASTEST = 0.95, 1.35  # skills a class covers in a week


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson of a class: when, and how far along the course the class is.

    `opens` and `closes` mark the first and the last lesson on a skill.
    """

    at: datetime
    position: int
    opens: bool
    closes: bool


def holiday_week(weeks: int) -> int | None:
    """The number of the week without lessons, counted from 0, in the middle of the term.

    >>> holiday_week(14), holiday_week(4)
    (7, None)
    """
    return weeks // 2 if weeks >= HOLIDAY_FROM_WEEKS else None


def end_of_term(start: date, weeks: int) -> datetime:
    """The moment the school closes on the last Friday.

    >>> end_of_term(date(2025, 9, 8), 14).isoformat()
    '2025-12-12T15:30:00+00:00'
    """
    friday = _monday(start) + timedelta(weeks=weeks - 1, days=SCHOOL_DAYS - 1)
    return datetime.combine(friday, SCHOOL_CLOSES, UTC)


def lesson_times(rng: np.random.Generator, *, start: date, weeks: int) -> list[datetime]:
    """The beginnings of a class's lessons: the same weekdays and periods every week.

    >>> times = lesson_times(np.random.default_rng(0), start=date(2025, 9, 8), weeks=2)
    >>> [f"{at:%a %H:%M}" for at in times]
    ['Thu 09:25', 'Fri 09:25', 'Thu 09:25', 'Fri 09:25']
    """
    days = sorted(int(day) for day in rng.choice(SCHOOL_DAYS, LESSONS_A_WEEK, replace=False))
    periods = [PERIODS[i] for i in rng.integers(len(PERIODS), size=LESSONS_A_WEEK)]
    times = [
        datetime.combine(_monday(start) + timedelta(weeks=week, days=day), period, UTC)
        for week in range(weeks)
        if week != holiday_week(weeks)
        for day, period in zip(days, periods, strict=True)
    ]
    return [at for at in times if at.date() >= start]


def plan_lessons(times: Sequence[datetime], *, pace: float, skills: int) -> list[Lesson]:
    """The lessons of a class that covers `pace` skills a week, in course order.

    >>> first, *others, last = plan_lessons([datetime(2025, 9, 8)] * 5, pace=1, skills=30)
    >>> (first.position, first.opens, first.closes), (last.position, last.opens)
    ((0, True, False), (2, True))
    """
    reached = [min(int(n * pace / LESSONS_A_WEEK), skills - 1) for n in range(len(times) + 1)]
    before = [-1, *reached]
    return [
        Lesson(at, reached[n], reached[n] > before[n], reached[n + 1] > reached[n])
        for n, at in enumerate(times)
    ]


def draw_paces(rng: np.random.Generator, classes: int) -> list[float]:
    """A pace for each class, spread over what is usual, in no particular order of classes."""
    paces = np.linspace(SLOWEST, FASTEST, classes) if classes > 1 else np.array([1.15])
    return [float(pace) for pace in rng.permutation(paces)]


def _monday(start: date) -> date:
    """The Monday of the week a term starts in, so that weekdays are weekdays."""
    return start - timedelta(days=start.weekday())
