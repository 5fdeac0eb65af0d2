"""From a table of responses to sequences: one for every (skill, student), in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numba import njit

from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR, combined
from engine.tables import Floats, Integers

from .coding import codes_of

SYNONYMS = {"user_id": "student", "skill_name": "skill", "order_id": "order"}
"""pyBKT's column names, accepted beside Trellis's own."""
NEEDED = ("student", "skill", "correct")


@dataclass(frozen=True)
class Sequences:
    """Responses grouped by skill, then student, each group in the order it happened.

    order          [event] event numbers, one sequence after the other
    starts         [sequence + 1] where each sequence begins in `order`
    skill_starts   [skill + 1] where each skill's sequences begin
    skill_of       [sequence] index into `skills`
    correct        [event] in the order of the table
    """

    order: Integers
    starts: Integers
    skill_starts: Integers
    skill_of: Integers
    correct: Floats
    skills: tuple[str, ...]
    students: int

    @property
    def events(self) -> int:
        return len(self.correct)

    def responses_of(self) -> Integers:
        """How many responses each skill has, shape [skill]."""
        return np.diff(self.starts[self.skill_starts])

    def students_of(self) -> Integers:
        """How many students each skill has, shape [skill]."""
        return np.diff(self.skill_starts)


def sequences_of(events: pd.DataFrame) -> Sequences:
    """The sequences of a table with columns student, skill, correct and perhaps time or order.

    Several skills joined by `~~` count as one skill of their own, in whatever order they are
    joined. A student's responses are ordered by `time` if each of them has one, else by `order`
    if each has one, else as the table has them; ties keep the order of the table.
    Raises `InvalidInput` naming missing columns and unusable values.

    >>> table = pd.DataFrame({"student": ["b", "a", "b"], "skill": ["x", "x~~w", "x"],
    ...                       "correct": [1, 0, 1]})
    >>> found = sequences_of(table)
    >>> found.skills, found.order, found.starts
    (('w~~x', 'x'), array([1, 0, 2]), array([0, 1, 3]))
    """
    events = _renamed(events)
    _check_columns(events)
    correct = _checked_correct(events)
    student, students = _needed(events["student"], "student")
    skill, skills = _skill_codes(events["skill"])
    order = _time_order(events, student)
    if not _grouped(skill, student, order):
        order = _stable_by(student, len(students), order)
        order = _stable_by(skill, len(skills), order)
    starts = _starts(skill, student, order)
    skill_of = skill[order[starts[:-1]]]
    return Sequences(
        order=order,
        starts=starts,
        skill_starts=np.searchsorted(skill_of, np.arange(len(skills) + 1)).astype(np.int64),
        skill_of=skill_of,
        correct=correct,
        skills=skills,
        students=len(students),
    )


class Chronology(NamedTuple):
    """Every student's responses in the order they happened, whatever their skills.

    student  [event] the student of each event, as a number
    order    [event] event numbers, one student after the other
    starts   [student] where each student begins in `order`
    """

    student: Integers
    order: Integers
    starts: Integers


def chronology(events: pd.DataFrame) -> Chronology:
    """The order of every student's history, by the rules of `sequences_of`.

    >>> chronology(pd.DataFrame({"student": ["b", "a", "b"], "order": [2, 1, 1]})).order
    array([2, 0, 1])
    """
    events = _renamed(events)
    student, students = _needed(events["student"], "student")
    order = _stable_by(student, len(students), _time_order(events, student))
    starts = np.searchsorted(student[order], np.arange(len(students)))
    return Chronology(student, order, starts.astype(np.int64))


def instants_of(events: pd.DataFrame) -> Floats:
    """The time of every response in seconds, [event]; NaN where there is none."""
    if pd.api.types.is_numeric_dtype(events["time"].dtype):
        return _numbers(events["time"])
    return _instants(events["time"]) / 1e6


def _renamed(events: pd.DataFrame) -> pd.DataFrame:
    return events.rename(columns={k: v for k, v in SYNONYMS.items() if v not in events})


def _check_columns(events: pd.DataFrame) -> None:
    missing = [name for name in NEEDED if name not in events]
    if missing:
        found = ", ".join(map(str, events.columns)) or "no columns"
        raise InvalidInput(Fault(f"column {name}", found, f"a column {name}") for name in missing)


def _checked_correct(events: pd.DataFrame) -> Floats:
    correct = _numbers(events["correct"])
    wrong = np.flatnonzero(~((correct >= 0.0) & (correct <= 1.0)))
    if len(wrong):
        place = f"column correct, row {wrong[0]}"
        expected = f"a number from 0 to 1 ({len(wrong)} rows are at fault)"
        raise InvalidInput.at(place, correct[wrong[0]], expected)
    return correct


def _needed(column: pd.Series[Any], name: str) -> tuple[Integers, Sequence[Any]]:
    """As `codes_of`; missing values are refused."""
    codes, values = codes_of(column)
    missing = np.flatnonzero(codes < 0)
    if len(missing):
        raise InvalidInput.at(f"column {name}, row {missing[0]}", "nothing", f"a {name}")
    return codes, values


def _skill_codes(column: pd.Series[Any]) -> tuple[Integers, tuple[str, ...]]:
    """Numbers and sorted names of skills, combinations named the same in any order."""
    codes, found = _needed(column, "skill")
    names = [combined(tuple(str(name).split(SKILL_SEPARATOR))) for name in found]
    skills = tuple(sorted(set(names)))
    rank = {name: number for number, name in enumerate(skills)}
    return np.array([rank[name] for name in names], dtype=np.int64)[codes], skills


def _time_order(events: pd.DataFrame, student: Integers) -> Integers:
    """The rows in an order that is right within each student."""
    keys = [_where_complete(events[name], student) for name in ("order", "time") if name in events]
    keys = [key for key in keys if (key[1:] != key[:-1]).any()]
    if not keys:
        return np.arange(len(events), dtype=np.int64)
    return np.lexsort(keys).astype(np.int64)


def _where_complete(column: pd.Series[Any], student: Integers) -> Floats:
    """The column as numbers to sort by; all equal for a student who lacks one of them."""
    values = _instants(column) if column.name == "time" else _numbers(column)
    gaps = np.zeros(student.max(initial=-1) + 1, dtype=np.bool_)
    gaps[student[np.isnan(values)]] = True
    return np.where(gaps[student], 0.0, values)


def _instants(column: pd.Series[Any]) -> Floats:
    """Times (as such, in ISO 8601, or in seconds) as numbers, NaN where there is none."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return _numbers(column)
    try:
        times = pd.to_datetime(column, utc=True, format="ISO8601")
    except (TypeError, ValueError) as error:
        raise InvalidInput.at("column time", error, "times in ISO 8601, or seconds") from None
    instants = times.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(instants), np.nan, instants.astype(np.int64))


def _numbers(column: pd.Series[Any]) -> Floats:
    try:
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError) as error:
        raise InvalidInput.at(f"column {column.name}", error, "numbers") from None


@njit(cache=True)
def _stable_by(codes: Integers, distinct: int, order: Integers) -> Integers:
    """`order`, stably sorted by code: a counting sort, linear in the number of events."""
    position = np.zeros(distinct + 1, dtype=np.int64)
    for code in codes:
        position[code + 1] += 1
    for code in range(distinct):
        position[code + 1] += position[code]
    found = np.empty(len(order), dtype=np.int64)
    for event in order:
        code = codes[event]
        found[position[code]] = event
        position[code] += 1
    return found


def group_starts(skill: Integers, student: Integers) -> Integers:
    if len(skill) == 0:
        return np.zeros(1, dtype=np.int64)
    changes = (np.diff(skill) != 0) | (np.diff(student) != 0)
    return np.concatenate([[0], np.flatnonzero(changes) + 1, [len(skill)]]).astype(np.int64)


@njit(cache=True)
def _grouped(skill: Integers, student: Integers, order: Integers) -> bool:
    """Whether the order already goes skill by skill, and student by student within each."""
    for place in range(1, len(order)):
        here, before = order[place], order[place - 1]
        if skill[here] < skill[before]:
            return False
        if skill[here] == skill[before] and student[here] < student[before]:
            return False
    return True


@njit(cache=True)
def _starts(skill: Integers, student: Integers, order: Integers) -> Integers:
    """Where each sequence begins in an order that goes by skill and student, and its end."""
    starts = np.empty(len(order) + 1, dtype=np.int64)
    size = 0
    for place in range(len(order)):
        here, before = order[place], order[place - 1]
        if place == 0 or skill[here] != skill[before] or student[here] != student[before]:
            starts[size] = place
            size += 1
    starts[size] = len(order)
    return starts[: size + 1].copy()
