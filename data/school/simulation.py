"""A whole school whose truth is known: what was logged, and what nobody could see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pandas as pd

from engine.curriculum import Curriculum
from engine.errors import Fault, InvalidInput

from .course import Course, draw_course
from .learner import Answer, Learner, draw_memories, draw_traits
from .minds import HELD_FROM, Memory, Traits, proficiency
from .roster import Roster, SchoolClass, SchoolStudent, draw_roster
from .term import attended, days_since, live_through, midnight
from .timetable import (
    TERM_START,
    TERM_WEEKS,
    Lesson,
    draw_paces,
    end_of_term,
    lesson_times,
    plan_lessons,
)

CLASSES, STUDENTS_PER_CLASS = 3, 28
CLASS_SPREAD = 0.25  # sd in logits between the levels that classes start from

EVENT_COLUMNS = (
    "event",
    "student",
    "skill",
    "item",
    "activity",
    "correct",
    "time",
    "class",
    "session",
    "response_ms",
    "hints",
    "attempt",
)
HIDDEN_COLUMNS = ("event", "proficiency", "p_correct")

Memories = Mapping[str, Mapping[str, Memory]]  # student → skill → memory


@dataclass(frozen=True, eq=False)
class School:
    """A term of a school. `events` is what the log holds; the rest of the tables is the truth.

    `events`: the canonical columns, one row an answer, in order of time.
    `hidden`: for each event the level in logits and the chance of a right answer, just before it.
    `truth`: student, skill, proficiency in logits and whether `held`, when the term `ends`.
    `items`: item, difficulty, discrimination, guess. `effects`: activity, effect on learning.
    `students_truth`: student, ability and the other traits.
    """

    curriculum: Curriculum = field(repr=False)
    course_order: tuple[str, ...]
    classes: tuple[SchoolClass, ...]
    students: tuple[SchoolStudent, ...]
    events: pd.DataFrame
    hidden: pd.DataFrame
    truth: pd.DataFrame
    items: pd.DataFrame
    effects: pd.DataFrame
    students_truth: pd.DataFrame
    begins: datetime
    ends: datetime
    memories: Memories = field(repr=False)

    def truth_at(self, at: datetime) -> pd.DataFrame:
        """The truth at a moment after the term, when nobody has practised since it ended.

        Raises `InvalidInput` for a moment within the term, whose truth was not kept.
        """
        if at < self.ends:
            raise InvalidInput.at("at", at.isoformat(), f"{self.ends.isoformat()} or later")
        return _truth(self.memories, days_since(self.begins, at))


def simulate_school(
    curriculum: Curriculum,
    *,
    seed: int,
    classes: int = CLASSES,
    students_per_class: int = STUDENTS_PER_CLASS,
    start: date = TERM_START,
    weeks: int = TERM_WEEKS,
) -> School:
    """A school's term, the same for the same arguments. Raises `InvalidInput` for impossible ones.

    >>> from data.mathematics import middle_school_mathematics
    >>> school = simulate_school(middle_school_mathematics(), seed=1, classes=1,
    ...                          students_per_class=4, weeks=2)
    >>> school.classes[0].name, len(school.students)
    ('7A — Ms Okafor', 4)
    >>> school.events["correct"].isin([0, 1]).all()
    np.True_
    """
    _check(curriculum, seed=seed, sizes=(classes, students_per_class, weeks))
    rng = np.random.default_rng(seed)
    course = draw_course(rng, curriculum)
    roster = draw_roster(
        rng, classes=classes, students_per_class=students_per_class, start=start, weeks=weeks
    )
    lives = _class_lives(rng, course, roster, start=start, weeks=weeks)
    return _school(course, roster, lives, begins=midnight(start), ends=end_of_term(start, weeks))


@dataclass(frozen=True)
class _Life:
    """One student's term, lived."""

    traits: Traits
    memories: Mapping[str, Memory]
    answers: Sequence[Answer]


def _check(curriculum: Curriculum, *, seed: int, sizes: tuple[int, int, int]) -> None:
    names = ("classes", "students_per_class", "weeks")
    faults = [
        Fault(name, str(size), "a whole number above 0")
        for name, size in zip(names, sizes, strict=True)
        if size < 1
    ]
    if seed < 0:
        faults.append(Fault("seed", str(seed), "0 or a positive whole number"))
    if not curriculum.skills or not curriculum.items:
        faults.append(Fault("curriculum", "nothing to ask", "at least one skill and one item"))
    if faults:
        raise InvalidInput(faults)


def _class_lives(
    rng: np.random.Generator, course: Course, roster: Roster, *, start: date, weeks: int
) -> dict[str, _Life]:
    """Every student's term, each from its own stream of chance, so that none sways another."""
    members = {student.id: student for student in roster.students}
    lives: dict[str, _Life] = {}
    for one, pace in zip(roster.classes, draw_paces(rng, len(roster.classes)), strict=True):
        times = lesson_times(rng, start=start, weeks=weeks)
        lessons = plan_lessons(times, pace=pace, skills=len(course.order))
        shift = float(rng.normal(0, CLASS_SPREAD))
        for student, chance in zip(one.students, rng.spawn(len(one.students)), strict=True):
            lives[student] = _live(
                members[student], lessons, course=course, rng=chance, shift=shift, start=start
            )
    return lives


def _live(
    student: SchoolStudent,
    lessons: Sequence[Lesson],
    *,
    course: Course,
    rng: np.random.Generator,
    shift: float,
    start: date,
) -> _Life:
    traits = draw_traits(rng, rarely_there=student.story == "mostly absent")
    memories = draw_memories(rng, course, traits, shift=shift)
    learner = Learner(student.id, traits, memories, course=course, rng=rng)
    present = attended(rng, lessons, attendance=traits.attendance, joined=student.joined)
    if student.story == "newcomer":
        present = []  # enrolled, and nothing answered yet
    answers = live_through(
        learner,
        lessons,
        present=present,
        course=course,
        rng=rng,
        begins=midnight(start),
        ahead=student.story == "ahead",
    )
    return _Life(traits, learner.memories, answers)


def _school(
    course: Course,
    roster: Roster,
    lives: Mapping[str, _Life],
    *,
    begins: datetime,
    ends: datetime,
) -> School:
    log = _log(roster, [answer for life in lives.values() for answer in life.answers])
    memories = {student: life.memories for student, life in lives.items()}
    return School(
        curriculum=course.curriculum,
        course_order=course.order,
        classes=roster.classes,
        students=roster.students,
        events=log[list(EVENT_COLUMNS)],
        hidden=log[list(HIDDEN_COLUMNS)],
        truth=_truth(memories, days_since(begins, ends)),
        items=_table("item", {item: q._asdict() for item, q in course.questions.items()}),
        effects=_table("activity", {a: {"effect": e} for a, e in course.effects.items()}),
        students_truth=_table("student", {s: life.traits._asdict() for s, life in lives.items()}),
        begins=begins,
        ends=ends,
        memories=memories,
    )


def _log(roster: Roster, answers: Sequence[Answer]) -> pd.DataFrame:
    """One row an answer, in order of time, with the class and an id that says the order."""
    rows = pd.DataFrame.from_records(answers, columns=Answer._fields)
    rows = rows.sort_values(["time", "student"], kind="stable", ignore_index=True)
    class_of = {student.id: student.class_id for student in roster.students}
    rows["class"] = rows["student"].map(class_of)
    rows["event"] = [f"e{number:06d}" for number in range(1, len(rows) + 1)]
    rows["time"] = pd.to_datetime(rows["time"], utc=True)
    return rows


def _truth(memories: Memories, day: float) -> pd.DataFrame:
    rows = [
        (student, skill, proficiency(memory, day))
        for student, skills in memories.items()
        for skill, memory in skills.items()
    ]
    frame = pd.DataFrame.from_records(rows, columns=["student", "skill", "proficiency"])
    return frame.assign(held=frame["proficiency"] >= HELD_FROM)


def _table(key: str, rows: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    return pd.DataFrame([{key: name, **values} for name, values in rows.items()])
