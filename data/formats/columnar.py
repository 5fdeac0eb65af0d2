"""Tables that are columns already: Parquet files, and DataFrames in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import InvalidInput

from .source import Progress
from .stream import opened


@dataclass(frozen=True)
class ParquetSource:
    """A Parquet file, also gzipped, whose schema has been read."""

    path: Path
    columns: tuple[str, ...]
    size: int

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return str(self.path)

    def read(
        self, positions: Sequence[int], *, quoted: bool = True, progress: Progress | None = None
    ) -> list[pa.ChunkedArray]:
        """The columns at these positions, with the types the file gives them."""
        names = list(dict.fromkeys(self.columns[position] for position in positions))
        with opened(self.path) as raw:
            file = _parquet(raw, self.name)
            groups = []
            for group in range(file.num_row_groups):
                groups.append(_checked(file, group, names, self.name))
                if progress:
                    progress(self.size * (group + 1) // file.num_row_groups, self.size)
            table = pa.concat_tables(groups) if groups else file.schema_arrow.empty_table()
        return [table.column(self.columns[position]) for position in positions]

    def place(self, row: int) -> str:
        """The row's number, counted from 1: a Parquet file has no header line."""
        return f"row {row + 1}"


@dataclass(frozen=True)
class FrameSource:
    """A DataFrame in memory."""

    frame: pd.DataFrame
    name: str = "the table"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, as text."""
        return tuple(str(column) for column in self.frame.columns)

    def read(
        self, positions: Sequence[int], *, quoted: bool = True, progress: Progress | None = None
    ) -> list[pa.ChunkedArray]:
        """The columns at these positions."""
        return [_column(self.frame.iloc[:, position]) for position in positions]

    def place(self, row: int) -> str:
        """The row's number, counted from 1."""
        return f"row {row + 1}"


def open_parquet(path: Path) -> ParquetSource:
    """The Parquet table at `path`. Raises `InvalidInput` when it is not one.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "events.parquet"
    >>> pd.DataFrame({"student": ["ana"], "skill": ["C++"]}).to_parquet(path)
    >>> open_parquet(path).columns
    ('student', 'skill')
    """
    with opened(path) as raw:
        columns = tuple(_parquet(raw, str(path)).schema_arrow.names)
    return ParquetSource(path, columns, path.stat().st_size)


def _parquet(raw: IO[bytes], name: str) -> pq.ParquetFile:
    content = raw if isinstance(raw, io.BufferedReader) else io.BytesIO(raw.read())
    try:
        return pq.ParquetFile(content)
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidInput.at(name, _first_line(error), "a readable Parquet file") from error


def _checked(file: pq.ParquetFile, group: int, names: list[str], name: str) -> pa.Table:
    try:
        return file.read_row_group(group, columns=names)
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidInput.at(name, _first_line(error), "a readable Parquet file") from error


def _column(column: pd.Series) -> pa.ChunkedArray:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        # pyarrow reads a column with a time zone in a way that pandas 3.1 deprecates.
        utc = pa.array(column.dt.tz_convert(None).to_numpy())
        return pa.chunked_array([utc.cast(pa.timestamp(utc.type.unit, "UTC"))])
    try:
        array = pa.Array.from_pandas(column)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # numbers and text in one column
        array = pa.array([None if pd.isna(value) else str(value) for value in column], pa.string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
