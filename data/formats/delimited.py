"""Text tables: CSV and TSV, also gzipped, read by pyarrow's parser in blocks.

pyarrow is fast but forgiving, and does not say which line is at fault. So whatever it stumbles
over, and whatever it would swallow (a quote that never closes), is looked at again by the
standard library's slow and strict reader, only to name the lines.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from engine.errors import Fault, InvalidInput

from .source import Progress
from .stream import BOM, TextBytes, opened

BLOCK_BYTES = 1 << 22  # per step of the progress bar; no single row may be longer
HEADER_BYTES = 1 << 20  # a first line longer than this is no header
FAULTS_SHOWN = 5


@dataclass
class DelimitedSource:
    """A CSV or TSV file whose header has been read."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    header_bytes: int
    _quoted: bool = field(default=True, repr=False)
    _lines: int = field(default=0, repr=False)
    _rows: int = field(default=0, repr=False)

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return str(self.path)

    def read(
        self, positions: Sequence[int], *, quoted: bool = True, progress: Progress | None = None
    ) -> list[pa.ChunkedArray]:
        """The columns at these positions, as the text that was written.

        `quoted=False` takes quotation marks as ordinary characters (DataShop's exports).
        Raises `InvalidInput` naming the lines that are not a row of this table.
        """
        self._quoted = quoted
        with opened(self.path) as raw:
            stream = TextBytes(raw, self.name)
            stream.read(self.header_bytes)
            batches = self._batches(stream, positions, progress)
        self._lines, self._rows = stream.lines, sum(batch.num_rows for batch in batches)
        if quoted and stream.quotes % 2:
            self._refuse_malformed()
        schema = pa.schema([(str(position), pa.string()) for position in positions])
        return list(pa.Table.from_batches(batches, schema).columns)

    def place(self, row: int) -> str:
        """The line on which the row starts, the header being line 1."""
        if self._lines == self._rows + 1:
            return f"row {row + 2}"
        return f"row {self._starts[row]}"

    @cached_property
    def _starts(self) -> list[int]:
        # Blank lines or line breaks inside quotes: rows and lines have drifted apart.
        return [line for line, _ in self._records()]

    def _batches(
        self, stream: TextBytes, positions: Sequence[int], progress: Progress | None
    ) -> list[pa.RecordBatch]:
        malformed: list[str] = []
        total, batches = os.path.getsize(self.path), []
        try:
            for batch in self._reader(stream, positions, malformed):
                batches.append(batch)
                if progress:
                    progress(min(stream.position, total), total)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return []
            malformed.append(str(error))
        if malformed:
            self._refuse_malformed(malformed[0])
        return batches

    def _reader(
        self, stream: TextBytes, positions: Sequence[int], malformed: list[str]
    ) -> pacsv.CSVStreamingReader:
        def note(row: pacsv.InvalidRow) -> str:
            malformed.append(row.text)
            return "skip"

        names = [str(position) for position in range(len(self.columns))]
        wanted = [str(position) for position in positions]
        return pacsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pacsv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
            parse_options=pacsv.ParseOptions(
                delimiter=self.delimiter,
                quote_char='"' if self._quoted else False,
                newlines_in_values=self._quoted,
                invalid_row_handler=note,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                check_utf8=False,  # the stream has seen to it
            ),
        )

    def _refuse_malformed(self, seen: str = "") -> None:
        """Raises for the malformed lines there are; an odd but harmless quote passes."""
        faults = []
        expected = f"{len(self.columns)} fields, as in the header"
        try:
            for line, record in self._records():
                if len(record) != len(self.columns):
                    faults.append(Fault(f"row {line}", f"{len(record)} fields", expected))
        except csv.Error as error:
            place = f"row {self._reached + 1}"
            faults.append(Fault(place, str(error), "a row whose quotation marks are closed"))
        if seen and not faults:
            faults.append(Fault(self.name, seen, expected))
        others = len(faults) - FAULTS_SHOWN
        if others > 0:
            faults[FAULTS_SHOWN:] = [Fault(self.name, f"{others:,} more such rows", "none")]
        if faults:
            raise InvalidInput(faults)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Every row after the header with the line it starts on, by the strict reader."""
        csv.field_size_limit(BLOCK_BYTES)
        with opened(self.path) as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            reader = csv.reader(
                text,
                delimiter=self.delimiter,
                quoting=csv.QUOTE_MINIMAL if self._quoted else csv.QUOTE_NONE,
                strict=True,
            )
            self._reached = 0
            for index, record in enumerate(reader):
                start, self._reached = self._reached + 1, reader.line_num
                if index and record:
                    yield start, record


def open_delimited(path: Path) -> DelimitedSource:
    """The table whose header is the first line: tab-separated if it has a tab, else commas.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "events.csv"
    >>> _ = path.write_text("student,skill,correct\\nana,C++,1\\n")
    >>> source = open_delimited(path)
    >>> source.columns, source.read([1])[0].to_pylist()
    (('student', 'skill', 'correct'), ['C++'])
    """
    with opened(path) as raw:
        header = _first_record(TextBytes(raw, str(path)).read(HEADER_BYTES))
    text = header.removeprefix(BOM).decode("utf-8")
    delimiter = "\t" if "\t" in text else ","
    names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    columns = tuple(name.strip() for name in names)
    return DelimitedSource(path, columns, delimiter, len(header))


def _first_record(head: bytes) -> bytes:
    """Up to and including the first line break outside quotation marks."""
    newline = b"\n" if b"\n" in head else b"\r"
    end = head.find(newline) + 1
    while end and head.count(b'"', 0, end) % 2:
        end = head.find(newline, end) + 1
    return head[:end] if end else head
