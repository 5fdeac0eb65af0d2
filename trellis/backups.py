"""`trellis backup`: everything that is kept, in one file, while the server works."""

from __future__ import annotations

import argparse
from pathlib import Path

from .output import answer
from .words import Subparsers, add_database, command, settings_of


def add_parser(commands: Subparsers) -> None:
    """Declares `backup`."""
    parser = command(
        commands,
        "backup",
        does="copy everything that is kept into one file, while the server goes on working",
        example="trellis backup trellis-2026-09-01.backup",
        run=run,
    )
    parser.add_argument("path", metavar="FILE", help="must not exist yet")
    add_database(parser)


def run(args: argparse.Namespace) -> int:
    """Takes the backup, which is checked and on the disk before the command ends."""
    from data.store.backup import back_up

    path = Path(args.path)
    made = back_up(settings_of(args).database_url, path)
    text = f"{path}: {made.events:,} events, {made.bytes:,} bytes, schema {made.revision}"
    answer(args, {"path": str(path), **made._asdict()}, text)
    return 0
