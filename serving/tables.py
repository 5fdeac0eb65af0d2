"""Tables as CSV (RFC 4180) that a spreadsheet can open without running what somebody typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection)."""


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table as text, its first line the names of the columns.

    >>> csv_text(["name", "n"], [["=1+1", 3]])
    "name,n\\r\\n'=1+1,3\\r\\n"
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def cell(value: object) -> object:
    """A value as a spreadsheet may hold it: an apostrophe keeps text from being a formula.

    >>> cell("=1+1"), cell("+49"), cell(0.5), cell(None), cell(True)
    ("'=1+1", "'+49", 0.5, '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
