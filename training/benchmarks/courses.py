"""The real courses that models are measured on, each with the way its students are set apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from data.events import read_events
from data.splits import split_rows
from engine.errors import InvalidInput

from ..evaluation import Comparison, Maker, Progress, judge_folds, judge_split


class Course(NamedTuple):
    """A data set; by its published split of students where `folds` is 0, else by so many folds."""

    name: str
    folds: int
    about: str


COURSES = (
    Course("assist2009", 0, "middle-school mathematics, several skills on an item, no clock"),
    Course("assist2015", 0, "middle-school mathematics, many students, no items, no clock"),
    Course("algebra05_sample", 5, "algebra step by step, very long histories, one-off items"),
    Course("stats_cloze", 5, "statistics, repeated items over a term, exact clock times"),
    Course("cognitive_tutor", 5, "ratios and geometry, short histories, no clock"),
    Course("synthetic5", 5, "simulated, one fixed order of 50 items, nobody's ability known"),
)


def courses_named(names: Sequence[str] | None) -> list[Course]:
    """The courses of these names, all of them for none. Raises `InvalidInput`.

    >>> [course.folds for course in courses_named(["stats_cloze"])]
    [5]
    """
    known = {course.name: course for course in COURSES}
    for name in names or ():
        if name not in known:
            raise InvalidInput.at("--set", name, f"one of {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names or known)]


def responses_of(folder: Path, course: Course) -> pd.DataFrame:
    """Its responses. Raises `InvalidInput` where the folder does not hold it."""
    return read_events(folder / "events" / f"{course.name}.parquet").frame


def judge_course(
    frame: pd.DataFrame,
    course: Course,
    make: Maker,
    names: Sequence[str],
    *,
    progress: Progress | None = None,
) -> Comparison:
    """The models side by side on the course's unseen students."""
    if course.folds:
        return judge_folds(make, names, events=frame, folds=course.folds, progress=progress)
    train, test = split_rows(frame, "train"), split_rows(frame, "test")
    return judge_split(make, names, train=train, test=test, progress=progress)
