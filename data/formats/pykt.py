"""pyKT's CSV: one row per student (or piece of a student), its answers in lists of commas.

pyKT repeats a response once per concept and marks the repetitions in `is_repeat`; pads the
pieces with -1; and in its window files repeats history, which `selectmasks` hides. Each response
is taken once. The files that pad every question to a window of its own cannot be put together
again without loss and are refused.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR

from ..quality import Sieve
from .draft import FAULTS_SHOWN, Draft, Wanted, read_columns
from .source import Source

NEEDS = (("uid",), ("concepts", "questions"), ("responses",))
LISTS = {
    "skill": "concepts",
    "correct": "responses",
    "item": "questions",
    "time": "timestamps",
    "response_ms": "usetimes",
    "repeat": "is_repeat",
    "shown": "selectmasks",
}
PADDING = "-1"
WINDOWS = ("qidxs", "rest", "orirow")  # only the files of question windows have these


def read_pykt(source: Source, wanted: Wanted) -> Draft:
    """One row per response, in the order of the lists; `source_row` is the row of the file."""
    if set(WINDOWS) & set(source.columns):
        expected = "a file of sequences, such as train_valid.csv or test.csv"
        raise InvalidInput.at(source.name, "question windows of pyKT", expected)
    table = read_columns(source, {"student": "uid", **LISTS}, wanted)
    rows = _responses(source, table)
    sieve = Sieve(rows_read=len(rows))
    sieve.notes.append(f"{len(table):,} rows of lists; the counts are of the responses in them")
    if "skill" not in rows:
        rows["skill"] = rows["item"]  # files without concepts trace questions
    rows["skill"] = rows["skill"].str.replace("_", SKILL_SEPARATOR)  # pyKT numbers its concepts
    if "repeat" in rows:
        rows = _joined(rows, sieve)
    return Draft(rows.drop(columns=["repeat", "shown"], errors="ignore"), sieve)


def _responses(source: Source, table: pd.DataFrame) -> pd.DataFrame:
    """The lists laid out below one another, without padding."""
    names = [name for name in LISTS if name in table]
    lists = {name: table[name].fillna("").str.split(",") for name in names}
    lengths = pd.DataFrame({name: column.map(len) for name, column in lists.items()}, dtype=int)
    _refuse_uneven(source, table, lengths)
    times = lengths["correct"].to_numpy() if len(lengths) else np.zeros(0, dtype=int)
    rows = table[["student", "source_row"]].loc[table.index.repeat(times)].reset_index(drop=True)
    for name, column in lists.items():
        flat = [value.strip() for part in column for value in part]
        rows[name] = pd.Series(flat, dtype=table["student"].dtype)
    padded = rows["correct"].eq(PADDING) | rows.get("shown", rows["correct"]).eq(PADDING)
    return rows.loc[~padded].reset_index(drop=True)


def _refuse_uneven(source: Source, table: pd.DataFrame, lengths: pd.DataFrame) -> None:
    uneven = np.flatnonzero((lengths.nunique(axis=1) > 1).to_numpy())
    faults = [
        Fault(source.place(int(row)), str(lengths.iloc[row].to_dict()), "lists of equal length")
        for row in uneven[:FAULTS_SHOWN]
    ]
    if faults:
        raise InvalidInput(faults)


def _joined(rows: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Repetitions of a response for further concepts, put back together."""
    same_student = rows["student"].eq(rows["student"].shift())
    again = rows["repeat"].eq("1") & same_student
    sieve.joined += int(again.sum())
    response = (~again).cumsum()
    skill = rows["skill"].groupby(response).agg(SKILL_SEPARATOR.join)
    first = rows.loc[~again]
    return first.assign(skill=skill.to_numpy())
