"""`trellis models`: the registered versions, and which of them serves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import placing
from .output import answer, table
from .words import Subparsers, add_model_folder, add_tracking, command, group, settings_of

if TYPE_CHECKING:
    from training.promotion import Promoted
    from training.tracking import Records


def add_parser(commands: Subparsers) -> None:
    """Declares `models list`, `promote`, `rollback` and `place`."""
    does = "list, promote and roll back registered models, place new items"
    actions = group(commands, "models", does=does)
    listing = command(
        actions,
        "list",
        does="list every registered version, its scores, and which one serves",
        example="trellis models list",
        run=run_list,
    )
    promoting = command(
        actions,
        "promote",
        does="make a version the champion and write its bundle to the model folder",
        example="trellis models promote 3",
        run=run_promote,
    )
    promoting.add_argument(
        "version", type=int, nargs="?", metavar="VERSION", help="(default: the challenger)"
    )
    back = command(
        actions,
        "rollback",
        does="serve the champion before this one again",
        example="trellis models rollback",
        run=run_rollback,
    )
    for parser in (listing, promoting, back):
        add_model_folder(parser)
        add_tracking(parser)
    placing.add_parser(actions)


def run_list(args: argparse.Namespace) -> int:
    """Prints one row per version, newest first."""
    from training.promotion import served_bundle

    records = _records(args)
    serving = served_bundle(settings_of(args).model_dir)
    rows = [_row(records, version, serving) for version in records.versions()]
    answer(args, {"models": rows}, table([_shown(row) for row in rows]))
    return 0


def run_promote(args: argparse.Namespace) -> int:
    """Makes the version named, or the challenger, the champion."""
    from training.promotion import promote, promote_challenger

    folder = settings_of(args).model_dir
    if args.version is None:
        found = promote_challenger(_records(args), model_folder=folder)
    else:
        found = promote(_records(args), args.version, model_folder=folder)
    return _told(args, found)


def run_rollback(args: argparse.Namespace) -> int:
    """Makes the previous champion the champion."""
    from training.promotion import rollback

    return _told(args, rollback(_records(args), model_folder=settings_of(args).model_dir))


def _records(args: argparse.Namespace) -> Records:
    from training.tracking import Records

    return Records(Path(args.tracking))


def _told(args: argparse.Namespace, found: Promoted) -> int:
    kept = "" if found.previous is None else f"; version {found.previous} is kept as previous"
    answer(args, found.as_dict(), f"version {found.version} is the champion and serves{kept}")
    return 0


def _row(records: Records, version: Any, serving: str | None) -> dict[str, Any]:
    metrics = records.metrics(version.run_id)
    return {
        "version": version.number,
        "aliases": list(version.aliases),
        "serves": version.tags.get("bundle") == serving,
        "model": version.tags.get("model"),
        "auc": metrics.get("unseen_auc"),
        "log_loss": metrics.get("unseen_log_loss"),
        "bundle": version.tags.get("bundle"),
        "created_at": version.created_at.isoformat(timespec="seconds"),
        "run_id": version.run_id,
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    words = {"aliases": " ".join(row["aliases"]), "serves": "serves" if row["serves"] else ""}
    return {name: value for name, value in {**row, **words}.items() if name != "run_id"}
