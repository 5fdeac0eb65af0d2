"""JSON lines: one object per line, numbers kept as the text they were written in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from engine.errors import Fault, InvalidInput
from engine.responses import SKILL_SEPARATOR

from .source import Progress
from .stream import BOM, TextBytes, opened

LINES_AT_ONCE = 20_000
BYTES_AT_ONCE = 1 << 20
FAULTS_SHOWN = 5
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


@dataclass(frozen=True)
class JsonLinesSource:
    """A JSON lines file, read whole: any line may bring a column of its own."""

    name: str
    table: pa.Table
    lines: np.ndarray

    @property
    def columns(self) -> tuple[str, ...]:
        """Every name that occurs, in the order of first occurrence."""
        return tuple(self.table.column_names)

    def read(
        self, positions: Sequence[int], *, quoted: bool = True, progress: Progress | None = None
    ) -> list[pa.ChunkedArray]:
        """The columns at these positions, as the text that was written."""
        return [self.table.column(position) for position in positions]

    def place(self, row: int) -> str:
        """The line of the row, counted from 1."""
        return f"row {self.lines[row]}"


def open_json_lines(path: Path, progress: Progress | None = None) -> JsonLinesSource:
    """The table at `path`. Raises `InvalidInput` naming the lines that are no JSON object.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "events.jsonl"
    >>> _ = path.write_text('{"student": 7, "skill": ["b", "a"], "correct": 1.0}')
    >>> open_json_lines(path).table.to_pylist()
    [{'student': '7', 'skill': 'b~~a', 'correct': '1.0'}]
    """
    tables: list[pa.Table] = []
    numbers: list[int] = []
    faults: list[Fault] = []
    start = 1
    with opened(path) as raw:
        stream = TextBytes(raw, str(path))
        for lines in _lines(stream):
            kept = [(start + i, line) for i, line in enumerate(lines) if line.strip()]
            start += len(lines)
            tables.append(_table(kept, faults))
            numbers += [number for number, _ in kept]
            if progress:
                progress(stream.position, path.stat().st_size)
    if faults:
        raise InvalidInput(faults[:FAULTS_SHOWN])
    table = pa.concat_tables(tables, promote_options="default") if tables else pa.table({})
    return JsonLinesSource(str(path), table, np.array(numbers, dtype=np.int64))


def _lines(stream: TextBytes) -> Iterator[list[bytes]]:
    """Blocks of lines, split at line feeds only: JSON text may hold other separators."""
    rest = stream.read(len(BOM)).removeprefix(BOM)
    while chunk := stream.read(BYTES_AT_ONCE):
        *whole, rest = (rest + chunk).split(b"\n")
        waiting = iter(whole)
        while block := list(islice(waiting, LINES_AT_ONCE)):
            yield block
    yield [rest]


def _table(lines: list[tuple[int, bytes]], faults: list[Fault]) -> pa.Table:
    objects = _objects(lines, faults)
    names = list(dict.fromkeys(name for found in objects for name in found))
    if faults:
        return pa.table({})
    return pa.table({name: _column(name, objects, lines, faults) for name in names})


def _objects(lines: list[tuple[int, bytes]], faults: list[Fault]) -> list[dict[str, Any]]:
    objects = []
    for number, line in lines:
        try:
            found = DECODER.decode(line.decode("utf-8"))
        except (JSONDecodeError, RecursionError) as error:
            faults.append(Fault(f"row {number}", f"{_shown(line)} ({error})", "a JSON object"))
            continue
        if isinstance(found, dict):
            objects.append(found)
        else:
            faults.append(Fault(f"row {number}", _shown(line), "a JSON object"))
    return objects


def _column(
    name: str, objects: list[dict[str, Any]], lines: list[tuple[int, bytes]], faults: list[Fault]
) -> pa.Array:
    values = [found.get(name) for found in objects]
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        written = [_text(value) for value in values]
    for (number, _), value, text in zip(lines, values, written, strict=True):
        if text is None and value is not None:
            place = f"row {number}, {name}"
            faults.append(Fault(place, ascii(value), "text, a number, or a list of texts"))
    return pa.array(written, pa.string())


def _text(value: object) -> str | None:
    """The value as text; None where it is missing or cannot be a single value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return _text(SKILL_SEPARATOR.join(value))
    if isinstance(value, str) and _encodes(value):
        return value
    return None


def _encodes(value: str) -> bool:
    """Half a surrogate pair is legal in JSON's escapes but is no character."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()
