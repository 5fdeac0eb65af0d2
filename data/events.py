"""Events as a table: read from any known format, checked, ordered, and written again.

One row is one response. Columns: `student`, `skill` (several joined by `~~`), `correct` (0 to 1),
and where known `item`, `time` (UTC), `event`, `class`, `session`, `response_ms`, `hints`,
`attempt`, `activity`, `split`, `order` (a number that orders a student's responses where there is
no clock); and `source_row`, the 0-based data row of the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from engine.errors import InvalidInput

from .formats import Format, chosen, open_source, recognised
from .formats.columnar import FrameSource
from .formats.draft import CANONICAL, Wanted
from .formats.responses import responses
from .formats.source import Progress, Source
from .formats.table import checked_renames
from .formats.writing import writer_for
from .quality import QualityReport, report_on


@dataclass(frozen=True)
class Events:
    """Usable responses in file order, and the report on every row that was read."""

    frame: pd.DataFrame
    quality: QualityReport


def read_events(
    path: str | Path,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    kc_model: str | None = None,
    progress: Progress | None = None,
) -> Events:
    """The responses in the file at `path`: CSV, TSV, Parquet or JSON lines, also gzipped.

    `format` forces one of `FORMATS`; otherwise the header tells. `columns` renames, canonical
    name → the file's. `kc_model` chooses DataShop's knowledge component model (default: the
    first). `progress(done, total)` is called while reading, in bytes of the file.

    Raises `InvalidInput` naming rows (as lines in an editor) and fields for whatever contradicts
    the table; what is merely missing is counted by reason in the report.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "events.csv"
    >>> _ = path.write_text("user,skill,correct\\nana,C++,1\\nana,,0\\n")
    >>> events = read_events(path, columns={"student": "user"})
    >>> events.frame[["student", "skill", "correct", "source_row"]].values.tolist()
    [['ana', 'C++', 1.0, 0]]
    >>> events.quality.reasons[0].text, events.quality.reasons[0].examples[0].place
    ('no skill', 'row 3')
    """
    wanted = Wanted(columns=columns or {}, kc_model=kc_model, progress=progress)
    return _read(open_source(Path(path), progress), format, wanted)


def read_frame(frame: pd.DataFrame, *, columns: Mapping[str, str] | None = None) -> Events:
    """The responses in a canonical DataFrame, held to the same rules as a file.

    >>> read_frame(pd.DataFrame({"student": [7], "skill": ["b~~a"], "correct": [True]})).frame
      student skill  correct  source_row
    0       7  a~~b      1.0           0
    """
    return _read(FrameSource(frame), "table", Wanted(columns=columns or {}))


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Each student's rows together and in the order they happened; the index stays.

    The order is that of `time` for a student whose every row has one, else of `order` where
    complete, else of the file; ties keep file order. Students come by first appearance.

    >>> rows = pd.DataFrame({"student": ["a", "b", "a"], "order": [2, 1, 1]})
    >>> in_order(rows).index.tolist()
    [2, 0, 1]
    """
    students = pd.factorize(frame["student"])[0]
    keys = [_where_complete(frame[name], students) for name in ("order", "time") if name in frame]
    return frame.iloc[np.lexsort((*keys, students))]


def _where_complete(column: pd.Series, students: np.ndarray) -> np.ndarray:
    """The column as numbers to sort by; all equal for a student who lacks one of them."""
    values = column.to_numpy(dtype="datetime64[us]" if column.name == "time" else "float64")
    gaps = np.zeros(students.max(initial=-1) + 1, dtype=bool)
    gaps[students[column.isna()]] = True
    return np.where(gaps[students], np.zeros(1, values.dtype), values)


def _read(source: Source, name: str | None, wanted: Wanted) -> Events:
    form = _form(source, name, wanted)
    draft = form.read(source, wanted)
    frame = responses(source, draft)
    quality = report_on(frame, draft.sieve, source=source.name, form=form.name, place=source.place)
    if frame.empty:
        raise _nothing_usable(quality)
    return Events(frame, quality)


def _form(source: Source, name: str | None, wanted: Wanted) -> Format:
    """The format to read by; one that cannot honour what the caller asked for is refused."""
    if wanted.columns:
        form = _renamed_table(source, name, wanted)
    else:
        form = chosen(name, source.columns) if name else recognised(source.columns)
    if wanted.kc_model is not None and not form.name.startswith("datashop"):
        raise InvalidInput.at("kc_model", wanted.kc_model, f"none for the format {form.name!r}")
    return form


def _renamed_table(source: Source, name: str | None, wanted: Wanted) -> Format:
    if name not in (None, "table"):
        given = ", ".join(f"{new}={old}" for new, old in wanted.columns.items())
        raise InvalidInput.at("columns", given, f"no renaming with the format {name!r}")
    checked_renames(source, wanted)
    return chosen("table", [*source.columns, *wanted.columns])


def _nothing_usable(quality: QualityReport) -> InvalidInput:
    causes = "; ".join(f"{reason.rows:,} with {reason.text}" for reason in quality.reasons)
    found = f"{quality.rows_read:,} rows" + (f", {causes}" if causes else "")
    return InvalidInput.at(quality.source, found, "at least one usable response")


def write_events(frame: pd.DataFrame, path: str | Path) -> None:
    """The file at `path` holds the canonical columns of `frame`, all of them or nothing new.

    The ending decides: `.csv`, `.tsv`, `.jsonl` (each also with `.gz`) or `.parquet`.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "events.tsv.gz"
    >>> write_events(pd.DataFrame({"student": ["ana"], "skill": ["C++"], "correct": [1.0]}), path)
    >>> read_events(path).frame["skill"].tolist()
    ['C++']
    """
    path = Path(path)
    write = writer_for(path)
    table = frame[[name for name in CANONICAL if name in frame]]
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        write(table, partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
