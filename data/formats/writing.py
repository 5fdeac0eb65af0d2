"""The canonical event table as a file: CSV, TSV, JSON lines or Parquet."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import IO, cast

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from engine.errors import InvalidInput

Writer = Callable[[pd.DataFrame, Path], None]
ROWS_AT_ONCE = 50_000


def writer_for(path: Path) -> Writer:
    """What writes the kind of file that the ending of `path` asks for.

    >>> writer_for(Path("events.xlsx"))
    Traceback (most recent call last):
    engine.errors.InvalidInput: path: got 'events.xlsx', expected a name ending in .csv, .tsv,
    .jsonl (each also .gz) or .parquet
    """
    packed = path.suffix == ".gz"
    ending = path.with_suffix("").suffix if packed else path.suffix
    if ending == ".parquet" and not packed:
        return _write_parquet
    if ending in (".csv", ".tsv"):
        return partial(_write_delimited, packed=packed, delimiter="," if ending == ".csv" else "\t")
    if ending == ".jsonl":
        return partial(_write_json_lines, packed=packed)
    expected = "a name ending in .csv, .tsv, .jsonl (each also .gz) or .parquet"
    raise InvalidInput.at("path", path, expected)


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, index=False)


def _write_delimited(frame: pd.DataFrame, path: Path, *, packed: bool, delimiter: str) -> None:
    table = pa.Table.from_pandas(_as_text(frame), preserve_index=False)
    options = pacsv.WriteOptions(delimiter=delimiter)
    with _opened(path, packed=packed) as file:
        pacsv.write_csv(table, file, options)


def _write_json_lines(frame: pd.DataFrame, path: Path, *, packed: bool) -> None:
    frame = _as_text(frame)
    with _opened(path, packed=packed) as file:
        for start in range(0, len(frame), ROWS_AT_ONCE):
            block = frame.iloc[start : start + ROWS_AT_ONCE]
            present = block.astype(object).where(block.notna(), None).to_dict("records")
            lines = [json.dumps(_without_gaps(row), ensure_ascii=False) for row in present]
            file.write("".join(f"{line}\n" for line in lines).encode("utf-8"))


def _without_gaps(row: Mapping[Hashable, object]) -> dict[Hashable, object]:
    return {name: value for name, value in row.items() if value is not None}


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Times in ISO 8601 with their zone, to the microsecond."""
    if "time" not in frame:
        return frame
    text = frame["time"].dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return frame.assign(time=text)


def _opened(path: Path, *, packed: bool) -> AbstractContextManager[IO[bytes]]:
    opener = gzip.open if packed else open
    return cast("AbstractContextManager[IO[bytes]]", opener(path, "wb"))
