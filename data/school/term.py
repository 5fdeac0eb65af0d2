"""A student's term: which lessons they are there for, and what they do in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from engine.curriculum import Activity, Item

from .course import Course
from .learner import Answer, Learner
from .timetable import LESSONS_A_WEEK, Lesson

STUDIES_AGAIN = 0.35  # the chance of a teaching activity in a lesson that opens no new skill
REVIEWS = 0.3  # the chance that a lesson ends with questions on an earlier skill
REVIEW_QUESTIONS = 2
RUNS_OUT_OF_TIME = 0.15  # the chance of leaving the last question of an exercise unanswered
STUDY_MINUTES_AT_MOST = 15.0  # longer activities fill other lessons too
SETTLING_SECONDS = (60, 240)  # until a student has begun
BETWEEN_QUESTIONS = (4, 20)  # seconds, to read the feedback
ILL = 0.3  # the chance of a week at home
LESSONS_PER_LEAD = 8  # who works ahead is one skill further every so many lessons
GREATEST_LEAD = 4


def attended(
    rng: np.random.Generator, lessons: Sequence[Lesson], *, attendance: float, joined: date
) -> list[int]:
    """The numbers of the lessons a student was there for.

    >>> at = datetime(2025, 9, 8, 9, tzinfo=UTC)
    >>> lessons = [Lesson(at + timedelta(weeks=n), 0, False, False) for n in range(4)]
    >>> attended(np.random.default_rng(1), lessons, attendance=1.0, joined=date(2025, 9, 20))
    [2, 3]
    """
    ill_from = int(len(lessons) * rng.random()) if rng.random() < ILL else len(lessons)
    ill = range(ill_from, ill_from + LESSONS_A_WEEK)
    there = rng.random(len(lessons)) < attendance
    return [
        n
        for n, lesson in enumerate(lessons)
        if there[n] and n not in ill and lesson.at.date() >= joined
    ]


def live_through(
    learner: Learner,
    lessons: Sequence[Lesson],
    *,
    present: Iterable[int],
    course: Course,
    rng: np.random.Generator,
    begins: datetime,
    ahead: bool,
) -> list[Answer]:
    """Every answer of a student's term, in order; the learner's memories are as at its end."""
    answers: list[Answer] = []
    for number in present:
        lesson = lessons[number]
        lead = min(number // LESSONS_PER_LEAD, GREATEST_LEAD) if ahead else 0
        position = min(lesson.position + lead, len(course.order) - 1)
        sitting = _Sitting(learner, course, rng, lesson.at, begins)
        sitting.work_on(position, opens=lesson.opens, closes=lesson.closes)
        if position > 0 and rng.random() < REVIEWS:
            sitting.review(int(rng.integers(position)), reached=position)
        answers.extend(sitting.answers)
    return answers


def days_since(begins: datetime, at: datetime) -> float:
    """Days and parts of days from the beginning of the term.

    >>> days_since(datetime(2025, 9, 8), datetime(2025, 9, 9, 12))
    1.5
    """
    return (at - begins) / timedelta(days=1)


def midnight(day: date) -> datetime:
    """The first moment of a day by the school's clock."""
    return datetime.combine(day, time(0), UTC)


class _Sitting:
    """One student in one lesson, with the clock on the wall."""

    def __init__(
        self,
        learner: Learner,
        course: Course,
        rng: np.random.Generator,
        at: datetime,
        begins: datetime,
    ) -> None:
        self.answers: list[Answer] = []
        self._learner = learner
        self._course = course
        self._rng = rng
        self._begins = begins
        self._now = at
        self._session = f"{learner.student}-{at:%Y%m%d}"
        learner.begin_day()
        self._wait(*SETTLING_SECONDS)

    def work_on(self, position: int, *, opens: bool, closes: bool) -> None:
        """The lesson's own skill: taught, then practised, or checked when the class moves on."""
        skill = self._course.order[position]
        shelf = self._course.shelves[skill]
        if opens or self._rng.random() < STUDIES_AGAIN:
            self._study(skill)
        choices = shelf.checks if closes and shelf.checks else shelf.exercises
        activity = self._learner.choose(choices, skill, day=self._day)
        questions = self._questions(skill, activity, reached=position)
        if len(questions) > 1 and self._rng.random() < RUNS_OUT_OF_TIME:
            questions = questions[:-1]
        self._answer(questions, activity)

    def review(self, position: int, *, reached: int) -> None:
        """A few questions on a skill that the class has left behind."""
        skill = self._course.order[position]
        activity = self._learner.choose(self._course.shelves[skill].exercises, skill, day=self._day)
        questions = self._questions(skill, activity, reached=reached)
        chosen = sorted(self._rng.permutation(len(questions))[:REVIEW_QUESTIONS])
        self._answer([questions[i] for i in chosen], activity)

    def _study(self, skill: str) -> None:
        shelf = self._course.shelves[skill]
        activity = self._learner.choose(shelf.teaching, skill, day=self._day)
        if activity is not None:
            self._now += timedelta(minutes=min(activity.minutes, STUDY_MINUTES_AT_MOST))
            self._learner.study(activity, day=self._day)

    def _questions(self, skill: str, activity: Activity | None, *, reached: int) -> list[Item]:
        """What is asked, without what needs a skill that has not been taught yet."""
        items = self._course.curriculum.items
        own = activity.items if activity else [i for i in items if skill in items[i].skills]
        taught = {*self._course.order[: reached + 1], skill}
        return [items[i] for i in own if taught.issuperset(items[i].skills)]

    def _answer(self, questions: Iterable[Item], activity: Activity | None) -> None:
        for item in questions:
            answer = self._learner.answer(
                item, activity, at=self._now, day=self._day, session=self._session
            )
            self.answers.append(answer)
            self._now = answer.time
            self._wait(*BETWEEN_QUESTIONS)

    def _wait(self, least: int, most: int) -> None:
        self._now += timedelta(seconds=int(self._rng.integers(least, most + 1)))

    @property
    def _day(self) -> float:
        return days_since(self._begins, self._now)
