"""`trellis models place`: items that came after the champion's fit are placed, and served."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .inputs import events_of
from .output import answer
from .words import (
    add_log,
    add_model_folder,
    add_tracking,
    command,
    settings_of,
)


def add_parser(actions: Any) -> None:
    """Declares the command among those of `trellis models`."""
    parser = command(
        actions,
        "place",
        does="find how hard items are that came after the champion's fit, from their first answers "
        "in the store's log (or a file), and serve the champion with them",
        example="trellis models place --tenant lincoln",
        run=run,
    )
    add_log(parser)
    add_model_folder(parser)
    add_tracking(parser)


def run(args: argparse.Namespace) -> int:
    """Places the items and says how many there are."""
    from training.newcomers import place_items
    from training.tracking import Records

    settings = settings_of(args)
    frame, source = _events(args, settings)
    found = place_items(
        frame, records=Records(Path(args.tracking)), model_folder=settings.model_dir, source=source
    )
    done = "serves" if found.changed else "served that already"
    text = f"version {found.version} {done}: {found.items:,} items placed since the fit of version "
    answer(args, found.as_dict(), f"{text}{found.fitted}")
    return 0


def _events(args: argparse.Namespace, settings: Any) -> tuple[Any, str]:
    """Whole histories from the file named or the tenant's log, and where they come from."""
    if args.events is not None:
        return events_of(args, args.events).frame, f"file {Path(args.events).name}"
    from data.store import Store

    with Store.open(settings.database_url) as store:
        frame, last = store.all_responses_frame(args.tenant), store.last_sequence(args.tenant)
    return frame, f"log of tenant {args.tenant} up to sequence {last}"
