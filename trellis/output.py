"""What a command prints: messages on stderr, its result on stdout, one JSON line if asked."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO


def say(message: str) -> None:
    """Prints a message for the person watching, apart from the command's result."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:  # nobody listens any more; the work goes on
        forget(sys.stderr)


def forget(stream: TextIO) -> None:
    """Points a broken stream at nothing, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def answer(args: argparse.Namespace, result: Mapping[str, Any], text: str) -> None:
    """Prints the result: as one machine-readable last line with `--json`, else as text.

    >>> answer(argparse.Namespace(json=True), {"model": "classic", "rmse": float("nan")}, "")
    {"model": "classic", "rmse": null}
    """
    if args.json:
        print(json.dumps(plain(result), ensure_ascii=False, allow_nan=False), flush=True)
    else:
        print(text, flush=True)


def plain(value: Any) -> Any:
    """The value in JSON's own words: a number that does not exist is null.

    >>> plain({"auc": float("nan"), "models": ("lr",)})
    {'auc': None, 'models': ['lr']}
    """
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as aligned columns, numbers to the right.

    >>> print(table([{"model": "classic", "auc": 0.71712}, {"model": "mean", "auc": 0.5}]))
    model       auc
    classic  0.7171
    mean     0.5000
    """
    if not rows:
        return "(nothing)"
    names = list(rows[0])
    cells = [[_shown(row[name]) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    right = [not isinstance(rows[0][name], str) for name in names]
    return "\n".join(_line(line, widths, right) for line in [names, *cells])


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    columns = zip(cells, widths, right, strict=True)
    padded = [cell.rjust(width) if end else cell.ljust(width) for cell, width, end in columns]
    return "  ".join(padded).rstrip()
