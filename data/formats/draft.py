"""A table half read: the wanted columns under their canonical names, still as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR

from ..quality import Sieve
from .source import Progress, Source, texts

REQUIRED = ("student", "skill", "correct")
NUMERIC = ("response_ms", "hints", "attempt", "order")
OPTIONAL = (
    "item", "time", "event", "class", "session", "response_ms", "hints", "attempt",
    "activity", "split", "order",
)  # fmt: skip
CANONICAL = (*REQUIRED, *OPTIONAL)
FAULTS_SHOWN = 5


@dataclass(frozen=True)
class Draft:
    """Rows under canonical names as text, with `source_row`, and what was held back so far.

    `forgiving`: unreadable times and numbers are the publisher's, so they become missing and
    are noted; in a canonical table they are the caller's fault.
    """

    rows: pd.DataFrame
    sieve: Sieve = field(default_factory=Sieve)
    forgiving: bool = True


@dataclass(frozen=True)
class Wanted:
    """How a format is to be read: the choices a caller has."""

    columns: Mapping[str, str] = field(default_factory=dict)
    kc_model: str | None = None
    progress: Progress | None = None


def read_columns(
    source: Source, names: Mapping[str, str], wanted: Wanted, *, quoted: bool = True
) -> pd.DataFrame:
    """The source's columns under new names (`names`: new name → the source's), as text.

    Columns the source lacks are left out; a typed time stays a time. Adds `source_row`.
    """
    found = positions_of(source, names)
    arrays = source.read(list(found.values()), quoted=quoted, progress=wanted.progress)
    return frame_of(dict(zip(found, arrays, strict=True)))


def positions_of(source: Source, names: Mapping[str, str]) -> dict[str, int]:
    """Where the source has each of these columns. Raises `InvalidInput` for one given twice."""
    found = {new: old for new, old in names.items() if old in source.columns}
    twice = [old for old in found.values() if source.columns.count(old) > 1]
    if twice:
        raise InvalidInput(
            Fault(f"column {old}", "given twice", "one such column") for old in twice
        )
    return {new: source.columns.index(old) for new, old in found.items()}


def frame_of(arrays: Mapping[str, pa.ChunkedArray]) -> pd.DataFrame:
    """The columns as a frame of text with `source_row`."""
    frame = pd.DataFrame({name: _series(name, array) for name, array in arrays.items()})
    frame["source_row"] = np.arange(len(frame), dtype=np.int64)
    return frame


def _series(name: str, array: pa.ChunkedArray) -> pd.Series:
    if name == "time" and pa.types.is_timestamp(array.type):
        instant = array.cast(pa.timestamp("us", array.type.tz or "UTC"), safe=False)
        return _instants(instant)
    if name == "time" and pa.types.is_date(array.type):
        return _instants(array.cast(pa.timestamp("us")))
    return texts(array)


def _instants(array: pa.ChunkedArray) -> pd.Series:
    return cast("pd.Series", array.cast(pa.timestamp("us", "UTC")).to_pandas())


def join_skills(
    source: Source, rows: pd.DataFrame, sieve: Sieve, *, key: Sequence[str], same: Sequence[str]
) -> pd.DataFrame:
    """One row per response where the file repeats it once for every skill.

    Left alone, such rows leak the answer: the second is predicted from the first, which is it.
    Rows with equal `key` are one response, kept at the place of the first, with the skills of
    all. Raises `InvalidInput` where such rows differ in a column that must be the `same`.
    """
    keyed = rows[list(key)].notna().all(axis=1)
    several = keyed & rows.duplicated(list(key), keep=False)
    if not several.any():
        return rows
    again = keyed & rows.duplicated(list(key))
    group = rows.loc[several].groupby(list(key), sort=False).ngroup()
    refuse_differences(source, rows.loc[several], group, [name for name in same if name in rows])
    joined = _joined(rows.loc[several, "skill"], group)
    rows = rows.assign(skill=rows["skill"].mask(several & ~again, joined.reindex(rows.index)))
    sieve.joined += int(again.sum())
    return rows.loc[~again]


def _joined(skill: pd.Series, group: pd.Series) -> pd.Series:
    """For every row the skills of its whole group, joined."""
    table = pa.table({"group": group.to_numpy(), "skill": pa.array(skill, pa.string())})
    listed = table.filter(pc.is_valid(table["skill"])).group_by("group", use_threads=False)
    lists = listed.aggregate([("skill", "list")])
    names = pc.binary_join(lists["skill_list"], SKILL_SEPARATOR).to_pandas()
    names.index = pd.Index(lists["group"].to_pandas())
    return pd.Series(names.reindex(group.to_numpy()).to_numpy(), skill.index, dtype=skill.dtype)


def refuse_differences(
    source: Source, rows: pd.DataFrame, group: pd.Series, same: Sequence[str]
) -> None:
    """Raises `InvalidInput` naming both rows where a group differs in a column of `same`."""
    # Positions, not labels: of every row, and of the first row of its group.
    numbers = group.to_numpy()
    origins = np.unique(numbers, return_index=True)[1][numbers]
    faults = []
    for name in same:
        codes = pd.factorize(rows[name])[0]
        for position in np.flatnonzero(codes != codes[origins]):
            faults.append(_difference(source, rows, name, int(position), int(origins[position])))
            if len(faults) == FAULTS_SHOWN:
                raise InvalidInput(faults)
    if faults:
        raise InvalidInput(faults)


def _difference(source: Source, rows: pd.DataFrame, name: str, position: int, origin: int) -> Fault:
    lines = rows["source_row"].to_numpy()
    values = rows[name].astype(object).where(rows[name].notna(), "").to_numpy()
    earlier = source.place(int(lines[origin]))
    place = f"{source.place(int(lines[position]))}, {name}"
    expected = f"{str(values[origin])!r} as in {earlier}, which is the same event"
    return Fault(place, str(values[position]), expected)
