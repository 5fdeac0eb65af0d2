"""From files to what the store takes in: event tables, and tables of skills, activities, rosters.

A table of facts has one row per fact and the columns of its kind: those of the API's bodies,
lists joined by `~~`. A roster has one row per student and class.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR

from .events import in_order
from .formats import open_source
from .formats.source import texts
from .store.events import NewEvent

ID_OF = {"skills": "skill", "activities": "activity", "items": "item", "objectives": "objective"}
"""The name that a kind's `id` column may go by in a table."""
LISTS = ("prerequisites", "skills", "items")
FLAGS = ("teacher_led", "assesses")
NUMBERS = ("minutes",)
WORDS_OF_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

ROSTER_NEEDS = ("student", "class")
IMPORTED = "import"
POSITION_DIGITS = 7  # of a made-up event id: a student's responses sort by it

Row = dict[str, Any]


class Roster(NamedTuple):
    """Students and classes as the store takes them in."""

    students: list[Row]
    classes: list[Row]


def facts_in(path: Path, kind: str) -> list[Row]:
    """The facts of one kind in a table, as bodies with their `id`.

    Values that cannot be read as their column needs stay text, for the store to name them.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "skills.csv"
    >>> _ = path.write_text("skill,name,prerequisites\\nratio,Ratios,fraction~~division\\n")
    >>> facts_in(path, "skills")
    [{'id': 'ratio', 'name': 'Ratios', 'prerequisites': ['fraction', 'division']}]
    """
    rows = _rows(path)
    name = ID_OF[kind]
    if not {"id", name} & set(rows.columns):
        found = ", ".join(rows.columns)
        raise InvalidInput.at(f"{path}, columns", found, f"a column {name!r} (or 'id')")
    rows = rows.rename(columns={} if "id" in rows else {name: "id"})
    return [_body(row) for row in rows.to_dict("records")]


def roster_in(path: Path) -> Roster:
    """The students and classes of a table with a row for each student in each class.

    Columns: student, class, and where known student_name, class_name, teacher.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "roster.csv"
    >>> _ = path.write_text("class,teacher,student,student_name\\n7a,Ms Okafor,s1,Ana\\n")
    >>> roster_in(path).classes
    [{'id': '7a', 'name': '', 'teacher': 'Ms Okafor', 'students': ['s1']}]
    """
    rows = _rows(path)
    missing = [name for name in ROSTER_NEEDS if name not in rows]
    if missing:
        found = ", ".join(rows.columns)
        raise InvalidInput.at(f"{path}, columns", found, f"also {', '.join(missing)}")
    faults = [
        Fault(f"{path}, row {row + 1} of the data, {name}", "nothing", "an id")
        for name in ROSTER_NEEDS
        for row in np.flatnonzero(rows[name].isna())
    ]
    faults += [*_changing(path, rows, "student", ("student_name",))]
    faults += [*_changing(path, rows, "class", ("class_name", "teacher"))]
    if faults:
        raise InvalidInput(faults)
    return Roster(_students(rows), _classes(rows))


def new_events(events: pd.DataFrame) -> Iterator[NewEvent]:
    """The responses of a canonical table as the log takes them in, each with an id.

    A response without an id gets one made of its place among the student's responses and its
    content: the same file loaded again is recognised, and where no clock time is known the ids
    keep the order of the file.
    """
    positions: dict[str, count[int]] = {}
    for row in in_order(events).to_dict("records"):
        known = {name: value for name, value in row.items() if not _is_missing(value)}
        position = next(positions.setdefault(known["student"], count()))
        yield NewEvent(
            id=known.get("event") or _made_up_id(known, position),
            student=known["student"],
            skills=tuple(known["skill"].split(SKILL_SEPARATOR)),
            item=known.get("item"),
            correct=float(known["correct"]),
            occurred_at=known["time"].to_pydatetime() if "time" in known else None,
            activity=known.get("activity"),
            class_id=known.get("class"),
            session=known.get("session"),
            response_ms=_whole(known, "response_ms"),
            hints=_whole(known, "hints"),
            attempt=_whole(known, "attempt"),
        )


def skills_named(events: pd.DataFrame) -> list[str]:
    """Every single skill that a canonical table names, in the order they first stand there.

    >>> skills_named(pd.DataFrame({"skill": ["ratio", "slope~~ratio"]}))
    ['ratio', 'slope']
    """
    joined = events["skill"].drop_duplicates()
    return list(dict.fromkeys(one for each in joined for one in each.split(SKILL_SEPARATOR)))


def _rows(path: Path) -> pd.DataFrame:
    """Every column as text, exactly as written; blank is missing."""
    source = open_source(path)
    twice = [name for name in dict.fromkeys(source.columns) if source.columns.count(name) > 1]
    if twice:
        raise InvalidInput(
            Fault(f"{path}, column {name}", "given twice", "one such column") for name in twice
        )
    columns = source.read(range(len(source.columns)))
    table = {name: texts(column) for name, column in zip(source.columns, columns, strict=True)}
    rows = pd.DataFrame(table)
    if rows.empty:
        raise InvalidInput.at(str(path), "no rows", "a header and at least one row")
    return rows


def _body(row: Mapping[Any, Any]) -> Row:
    return {
        str(name): _read(str(name), value) for name, value in row.items() if not _is_missing(value)
    }


def _read(name: str, text: str) -> Any:
    """The cell as its column's kind of value, or as it is where it cannot be that."""
    if name in LISTS:
        return [part.strip() for part in text.split(SKILL_SEPARATOR)]
    if name in FLAGS:
        return WORDS_OF_FLAGS.get(text.strip().lower(), text)
    return _number(text) if name in NUMBERS else text


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _students(rows: pd.DataFrame) -> list[Row]:
    names = _first(rows, "student", "student_name")
    return [{"id": student, "name": names[student]} for student in rows["student"].unique()]


def _classes(rows: pd.DataFrame) -> list[Row]:
    names, teachers = _first(rows, "class", "class_name"), _first(rows, "class", "teacher")
    return [
        {
            "id": key,
            "name": names[key],
            "teacher": teachers[key],
            "students": list(seats["student"].unique()),
        }
        for key, seats in _by(rows, "class")
    ]


def _by(rows: pd.DataFrame, column: str) -> Iterator[tuple[str, pd.DataFrame]]:
    return ((str(key), group) for key, group in rows.groupby(column, sort=False))


def _first(rows: pd.DataFrame, key: str, column: str) -> dict[str, str]:
    """What the rows of each key say first in a column; nothing where none says anything."""
    if column not in rows:
        return dict.fromkeys(rows[key], "")
    said = rows.dropna(subset=[column]).drop_duplicates(key)
    return dict.fromkeys(rows[key], "") | dict(zip(said[key], said[column], strict=True))


def _changing(
    path: Path, rows: pd.DataFrame, key: str, columns: tuple[str, ...]
) -> Iterator[Fault]:
    """Students or classes of whom one row says this and another that."""
    for column in columns:
        if column in rows:
            said = rows.dropna(subset=[key, column]).groupby(key)[column].unique()
            for name, values in said[said.map(len) > 1].items():
                shown = " and ".join(values)
                yield Fault(f"{path}, {column} of {key} {name}", shown, "the same in every row")


def _made_up_id(known: Mapping[Any, Any], position: int) -> str:
    said = [str(known.get(name, "")) for name in ("student", "skill", "item", "correct", "time")]
    digest = hashlib.blake2b("\x1f".join(said).encode(), digest_size=8).hexdigest()
    return f"{IMPORTED}-{position:0{POSITION_DIGITS}d}-{digest}"


def _whole(known: Mapping[Any, Any], name: str) -> int | None:
    return round(known[name]) if name in known else None


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or value != value
