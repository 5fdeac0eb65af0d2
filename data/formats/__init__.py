"""The formats of the field, each recognised by its header.

`FORMATS` lists them; `recognised` tells which one a table is in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import SHOWN_VALUE_LENGTH, InvalidInput

from . import assistments, datashop, pybkt, pykt, table
from .columnar import open_parquet
from .delimited import open_delimited
from .draft import Draft, Wanted
from .jsonlines import open_json_lines
from .source import Progress, Source
from .stream import BOM, opened


@dataclass(frozen=True)
class Format:
    """One layout: the columns it cannot do without, and how it is read.

    `needs`: for each, the names it may go by; a `*` at the end stands for anything. `mark`: a
    column that tells the format from another that needs the same.
    """

    name: str
    needs: tuple[tuple[str, ...], ...]
    read: Callable[[Source, Wanted], Draft]
    mark: str | None = None

    def lacks(self, columns: Sequence[str]) -> list[str]:
        """The needed columns that are not there.

        >>> FORMATS["table"].lacks(["student", "correct"])
        ['skill']
        """
        return [
            " or ".join(names)
            for names in self.needs
            if not any(_named(name, column) for name in names for column in columns)
        ]

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether a table with these columns is in this format."""
        return not self.lacks(columns) and (self.mark is None or self.mark in columns)


# In the order of recognition: the particular before the general.
FORMATS = {
    form.name: form
    for form in (
        Format("table", table.NEEDS, table.read_table),
        Format("datashop-transaction", datashop.TRANSACTION_NEEDS, datashop.read_transactions),
        Format("datashop-step", datashop.STEP_NEEDS, datashop.read_steps),
        Format("pykt", pykt.NEEDS, pykt.read_pykt),
        Format("assistments", assistments.NEEDS, assistments.read_assistments, assistments.MARK),
        Format("pybkt", pybkt.NEEDS, pybkt.read_pybkt),
    )
}


def _named(name: str, column: str) -> bool:
    return column.startswith(name[:-1]) if name.endswith("*") else column == name


def open_source(path: Path, progress: Progress | None = None) -> Source:
    """The table at `path`, whatever kind of file it is: the content decides, not the ending."""
    with opened(path) as raw:
        head = raw.read(64).removeprefix(BOM)
    if not head.strip():
        raise InvalidInput.at(str(path), "an empty file", "a header and rows")
    if head.startswith(b"PAR1"):
        return open_parquet(path)
    if head.lstrip()[:1] in (b"{", b"["):
        return open_json_lines(path, progress)
    return open_delimited(path)


def recognised(columns: Sequence[str]) -> Format:
    """The format of a table with these columns. Raises `InvalidInput` naming the nearest.

    >>> recognised(["user_id", "skill_name", "correct"]).name
    'pybkt'
    >>> recognised(["pupil", "skill", "correct"])
    Traceback (most recent call last):
    engine.errors.InvalidInput: columns: got 'pupil, skill, correct', expected also student,
    for the format 'table' (the nearest; known: table, datashop-transaction, ...)
    """
    for form in FORMATS.values():
        if form.fits(columns):
            return form
    nearest = min(FORMATS.values(), key=lambda form: len(form.lacks(columns)) / len(form.needs))
    missing = ", ".join(nearest.lacks(columns))
    expected = f"also {missing}, for the format {nearest.name!r}"
    known = f"(the nearest; known: {', '.join(FORMATS)})"
    raise InvalidInput.at("columns", _shown(columns), f"{expected} {known}{_all(columns)}")


def chosen(name: str, columns: Sequence[str]) -> Format:
    """The format of that name. Raises `InvalidInput` when it, or a column it needs, is missing."""
    if name not in FORMATS:
        raise InvalidInput.at("format", name, f"one of {', '.join(FORMATS)}")
    form = FORMATS[name]
    if missing := form.lacks(columns):
        expected = f"also {', '.join(missing)}, for the format {name!r}{_all(columns)}"
        raise InvalidInput.at("columns", _shown(columns), expected)
    return form


def _shown(columns: Sequence[str]) -> str:
    return ", ".join(column or "(no name)" for column in columns)


def _all(columns: Sequence[str]) -> str:
    """A message shows the start of a long value only; a long header is given whole behind it."""
    shown = _shown(columns)
    return f"; all columns found: {shown}" if len(shown) > SHOWN_VALUE_LENGTH else ""
