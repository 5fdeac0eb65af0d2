"""The log as a table to train on, in the canonical columns of an event table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import CursorResult

from engine.curriculum import Curriculum
from engine.responses import combined

from .events import counted_skills, decoded_skills

ROWS_A_CHUNK = 50_000  # rows held as Python objects at one time
FRAME_COLUMNS = (
    "student",
    "skills",
    "correct",
    "item",
    "occurred_at",
    "id",
    "class_id",
    "activity",
)
TIME = "datetime64[us, UTC]"
DTYPES = {
    "student": "str",
    "skill": "str",
    "correct": "float64",
    "item": "str",
    "time": TIME,
    "event": "str",
    "class": "str",
    "activity": "str",
}


def frame_of(rows: CursorResult[Any], curriculum: Curriculum) -> pd.DataFrame:
    """The rows of `FRAME_COLUMNS` as canonical events; those without a known skill are left out."""
    chunks = [_chunk(chunk, curriculum) for chunk in rows.partitions(ROWS_A_CHUNK)]
    return pd.concat(chunks or [_chunk([], curriculum)], ignore_index=True)


def _chunk(rows: Any, curriculum: Curriculum) -> pd.DataFrame:
    records = list(_records(rows, curriculum))
    columns = zip(*records, strict=True) if records else ((),) * len(DTYPES)
    return pd.DataFrame(
        {
            name: _column(list(values), dtype)
            for (name, dtype), values in zip(DTYPES.items(), columns, strict=True)
        }
    )


def _column(values: Any, dtype: Any) -> pd.Series:
    if dtype == TIME:
        stamps: Any = np.array(values, dtype="int64").astype("datetime64[us]")
        values = pd.DatetimeIndex(stamps, tz="UTC")
    column: pd.Series = pd.Series(values, dtype=dtype)
    return column


def _records(rows: Any, curriculum: Curriculum) -> Iterator[tuple[Any, ...]]:
    """The rows with their skills under one name, as the canonical table has them."""
    names: dict[tuple[str | None, str | None], str | None] = {}
    for student, named, correct, item, occurred_at, event, class_id, activity in rows:
        key = (named, None if named is not None else item)
        if key not in names:
            names[key] = _skill(named, item, curriculum)
        skill = names[key]
        if skill is not None:
            yield student, skill, correct, item, occurred_at, event, class_id, activity


def _skill(named: str | None, item: str | None, curriculum: Curriculum) -> str | None:
    skills = decoded_skills(named) if named else counted_skills(None, item, curriculum)
    return combined(skills) if skills else None
