"""From a table of responses to sequences: one for every (skill, student), in time order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR, combined
from engine.tables import Floats, Integers

from .coding import Runs, runs_of, runs_of_codes
from .pieces import by_skill, pieces_of, sequence_starts, stable_by

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
    given          [event] what was answered, in the order of the table, as the table holds it
    """

    order: Integers
    starts: Integers
    skill_starts: Integers
    skill_of: Integers
    given: NDArray[Any]
    skills: tuple[str, ...]
    students: int

    @property
    def events(self) -> int:
        return len(self.given)

    @cached_property
    def correct(self) -> Floats:
        """[event] in the order of the table."""
        return self.given.astype(np.float64, copy=False)

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
    given = _checked(events["correct"])
    student = _needed(events["student"], "student")
    skill, skills = _by_name(events["skill"])
    order = _time_order(events, student)
    if order is not None:
        skill, student = (runs_of_codes(runs.each()[order]) for runs in (skill, student))
    pieces = pieces_of(*skill, *student)
    order, pieces = by_skill(order, pieces, len(skills), student.distinct)
    starts, skill_of = sequence_starts(pieces)
    return Sequences(
        order=order,
        starts=starts,
        skill_starts=np.searchsorted(skill_of, np.arange(len(skills) + 1)).astype(np.int64),
        skill_of=skill_of,
        given=given,
        skills=skills,
        students=student.distinct,
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
    runs = _needed(events["student"], "student")
    student, order = runs.each(), _time_order(events, runs)
    order = stable_by(student, runs.distinct, np.arange(len(events)) if order is None else order)
    starts = np.searchsorted(student[order], np.arange(runs.distinct))
    return Chronology(student, order, starts.astype(np.int64))


def instants_of(events: pd.DataFrame) -> Floats:
    """The time of every response in seconds, [event]; NaN where there is none."""
    if pd.api.types.is_numeric_dtype(events["time"].dtype):
        return _numbers(events["time"])
    return _instants(events["time"]) / 1e6


def _renamed(events: pd.DataFrame) -> pd.DataFrame:
    names = {k: v for k, v in SYNONYMS.items() if k in events and v not in events}
    return events.rename(columns=names) if names else events


def _check_columns(events: pd.DataFrame) -> None:
    missing = [name for name in NEEDED if name not in events]
    if missing:
        found = ", ".join(map(str, events.columns)) or "no columns"
        raise InvalidInput(Fault(f"column {name}", found, f"a column {name}") for name in missing)


def _checked(column: pd.Series[Any]) -> NDArray[Any]:
    """The answers, as they are if they are whole numbers, else as floats."""
    whole = isinstance(column.dtype, np.dtype) and column.dtype.kind in "bui"
    given = column.to_numpy() if whole else _numbers(column)
    if whole and len(given) and given.min() >= 0 and given.max() <= 1:
        return given
    wrong = np.flatnonzero(~((given >= 0) & (given <= 1)))
    if len(wrong):
        place = f"column correct, row {wrong[0]}"
        expected = f"a number from 0 to 1 ({len(wrong)} rows are at fault)"
        raise InvalidInput.at(place, float(given[wrong[0]]), expected)
    return given


def _needed(column: pd.Series[Any], name: str) -> Runs:
    """As `runs_of`; missing values are refused."""
    runs = runs_of(column)
    missing = np.flatnonzero(runs.codes < 0)
    if len(missing):
        place = f"column {name}, row {runs.heads[missing[0]]}"
        raise InvalidInput.at(place, "nothing", f"a {name}")
    return runs


def _by_name(column: pd.Series[Any]) -> tuple[Runs, tuple[str, ...]]:
    """Skills numbered by name, and the sorted names; combinations named the same in any order."""
    runs = _needed(column, "skill")
    found = column.iloc[runs.firsts()].tolist()
    names = [combined(tuple(str(name).split(SKILL_SEPARATOR))) for name in found]
    skills = tuple(sorted(set(names)))
    rank = {name: number for number, name in enumerate(skills)}
    number = np.array([rank[name] for name in names], dtype=np.int64)
    return runs._replace(codes=number[runs.codes]), skills


def _time_order(events: pd.DataFrame, student: Runs) -> Integers | None:
    """The rows in an order that is right within each student; None where the table's is."""
    there = [name for name in ("order", "time") if name in events]
    codes = student.each() if there else student.codes
    keys = [_where_complete(events[name], codes) for name in there]
    keys = [key for key in keys if (key[1:] != key[:-1]).any()]
    return np.lexsort(keys).astype(np.int64) if keys else None


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


def group_starts(skill: Integers, student: Integers) -> Integers:
    if len(skill) == 0:
        return np.zeros(1, dtype=np.int64)
    changes = (np.diff(skill) != 0) | (np.diff(student) != 0)
    return np.concatenate([[0], np.flatnonzero(changes) + 1, [len(skill)]]).astype(np.int64)
