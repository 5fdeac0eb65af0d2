"""Commands about what the store holds: how they are declared, and the store they open."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.errors import InvalidInput

from .words import Subparsers, add_database, command, settings_of

if TYPE_CHECKING:
    from data.store import Store


def stored(
    actions: Subparsers,
    name: str,
    *,
    does: str,
    example: str,
    run: Callable[[argparse.Namespace], int],
    names: str = "",
    told: str = "",
) -> argparse.ArgumentParser:
    """Declares a command on the database; `names` is the one thing that it is about (`--tenant`, or
    a word of its own), `told` what to give there."""
    found = command(actions, name, does=does, example=example, run=run)
    add_database(found)
    if names == "--tenant":
        found.add_argument(names, required=True, metavar="T", help=told)
    elif names:
        found.add_argument(names, metavar=names.upper(), help=told)
    return found


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Store]:
    """The store that the command line or the environment names, closed again."""
    from data.store import Store

    with Store.open(settings_of(args).database_url) as store:
        yield store


def span(option: str, **length: float) -> timedelta:
    """So long, as an option said it. Raises `InvalidInput` for what no clock can count.

    >>> span("--hours", hours=1.5)
    datetime.timedelta(seconds=5400)
    """
    try:
        return timedelta(**length)
    except (OverflowError, ValueError):
        [value] = length.values()
        raise InvalidInput.at(option, value, "a number of reasonable size") from None
