"""The canonical event table, under its own column names or the caller's."""

from __future__ import annotations

from engine.errors import Fault, InvalidInput

from ..quality import Sieve
from .draft import CANONICAL, Draft, Wanted, read_columns
from .source import Source

NEEDS = (("student",), ("skill",), ("correct",))


def read_table(source: Source, wanted: Wanted) -> Draft:
    """The rows of a table that already is what the others are turned into."""
    names = {name: name for name in CANONICAL} | dict(wanted.columns)
    rows = read_columns(source, names, wanted)
    return Draft(rows, Sieve(rows_read=len(rows)), forgiving=False)


def checked_renames(source: Source, wanted: Wanted) -> None:
    """Raises `InvalidInput` for a rename to no canonical name or from a column not there."""
    faults = [
        Fault("columns", name, f"one of {', '.join(CANONICAL)}")
        for name in wanted.columns
        if name not in CANONICAL
    ]
    faults += [
        Fault(f"columns {name}", column, f"one of {', '.join(source.columns)}")
        for name, column in wanted.columns.items()
        if column not in source.columns
    ]
    if faults:
        raise InvalidInput(faults)
