"""Events in a file, a row each: read one by one, so that a bad row does not hold up the others."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from data.store import NewEvent
from engine.responses import SKILL_SEPARATOR

from ..events.schemas import Event
from ..problems import fault_of

NDJSON, CSV = "application/x-ndjson", "text/csv"
NUMBERS = ("correct", "score", "response_ms", "hints", "attempt")


class Row(NamedTuple):
    """A row of a file: the event it says, or why it says none. `number` counts from 1."""

    number: int
    event: NewEvent | None
    reason: str = ""


def rows_of(kind: str, text: str) -> Iterator[Row]:
    """Every row of the file that holds anything; of a CSV the header is none.

    >>> [row.event.id for row in rows_of(CSV, "id,student,skills,correct\\ne1,ana,ratio,1\\n")]
    ['e1']
    >>> next(rows_of(NDJSON, "{]")).reason
    'not a JSON object'
    """
    yield from _of_csv(text) if kind == CSV else _of_ndjson(text)


def _of_ndjson(text: str) -> Iterator[Row]:
    lines = (line for line in text.splitlines())
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            said = None
        if isinstance(said, dict):
            yield _read(number, said)
        else:
            yield Row(number, None, "not a JSON object")


def _of_csv(text: str) -> Iterator[Row]:
    for number, cells in enumerate(csv.DictReader(io.StringIO(text)), 1):
        if None in cells or None in cells.values():
            yield Row(number, None, "not as many cells as the header has")
            continue
        said = {name: _cell(name, cell) for name, cell in cells.items() if cell != ""}
        yield _read(number, said)


def _cell(name: str, cell: str) -> Any:
    """The cell as its column's kind of value; text where it cannot be that, to be named."""
    if name == "skills":
        return cell.split(SKILL_SEPARATOR)
    if name not in NUMBERS:
        return cell
    try:
        return float(cell) if name in ("correct", "score") else int(cell)
    except ValueError:
        return cell


def _read(number: int, said: dict[str, Any]) -> Row:
    try:
        return Row(number, Event.model_validate(said).fact())
    except ValidationError as error:
        faults = [fault_of(dict(found), skip=0) for found in error.errors()]
        return Row(number, None, "; ".join(map(str, faults)))
