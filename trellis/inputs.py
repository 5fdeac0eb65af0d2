"""Events for a command: read with a progress bar where somebody watches, the quality shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InvalidInput

from .output import say
from .words import column_names

if TYPE_CHECKING:
    import pandas as pd

    from data.events import Events


def events_of(args: argparse.Namespace, path: str) -> Events:
    """The events of a file, read as the options say, in the order of the file."""
    from data.events import read_events

    with bar(f"reading {Path(path).name}") as progress, naming(Path(path).name):
        events = read_events(
            Path(path),
            format=args.format,
            columns=column_names(args.columns),
            kc_model=args.kc_model,
            progress=progress,
        )
    say(str(events.quality))
    return events


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Faults found inside say which file they are of: a command may read two."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(
            fault if name in fault.place else fault._replace(place=f"{name}, {fault.place}")
            for fault in error.faults
        ) from None


def rows_of_split(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of one split, at least one. Raises `InvalidInput`."""
    from data.splits import split_rows

    found = split_rows(frame, name)
    if found.empty:
        raise InvalidInput.at("split", f"no row of {name}", "at least one row of that split")
    say(f"{len(found):,} responses in the split {name!r}")
    return found


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function (done, total) that moves a bar on stderr; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=title, unit="B", unit_scale=True, leave=False, file=sys.stderr) as shown:

        def move(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield move
