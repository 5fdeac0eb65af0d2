"""`trellis restore`: what a backup holds becomes a database that nobody used before."""

from __future__ import annotations

import argparse
from pathlib import Path

from .output import answer
from .words import Subparsers, add_database, command, settings_of


def add_parser(commands: Subparsers) -> None:
    """Declares `restore`."""
    parser = command(
        commands,
        "restore",
        does="bring a backup back, into a database that holds nothing yet",
        example="trellis restore trellis-2026-09-01.backup --database sqlite:///restored.db",
        run=run,
    )
    parser.add_argument("path", metavar="FILE", help="what `trellis backup` wrote")
    add_database(parser)


def run(args: argparse.Namespace) -> int:
    """Restores all of it, or nothing."""
    from data.store.backup import restore

    made = restore(Path(args.path), settings_of(args).database_url)
    text = f"restored {made.events:,} events; `trellis verify` checks them one by one"
    answer(args, {"path": args.path, **made._asdict()}, text)
    return 0
