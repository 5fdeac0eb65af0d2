"""`trellis train`: one retrain, from the store's log or a file, on record and through the gate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .inputs import events_of
from .output import answer, say
from .words import (
    DEFAULT_MODEL,
    Subparsers,
    add_log,
    add_model_folder,
    add_seed,
    add_tracking,
    command,
    settings_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from engine.curriculum import Curriculum
    from serving.settings import Settings
    from training.retraining import Maker, Retrained


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "train",
        does="retrain on the store's log (or a file), judge on unseen students, record and "
        "register the model, and serve it if it is not worse than the champion",
        example="trellis train --tenant lincoln --model classic",
        run=run,
    )
    add_log(parser)
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, metavar="NAME", help="(default %(default)s)"
    )
    add_model_folder(parser)
    add_tracking(parser)
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Retrains and says what came of it."""
    settings = settings_of(args)
    tracking = Path(args.tracking)
    if args.events is None:
        found = retrain_from_log(
            settings, tenant=args.tenant, tracking=tracking, name=args.model, seed=args.seed
        )
    else:
        found = _retrain_from_file(args, settings.model_dir, tracking)
    answer(args, found.as_dict(), outcome(found))
    return 0


def retrain_from_log(
    settings: Settings, *, tenant: str, tracking: Path, name: str, seed: int
) -> Retrained:
    """One retrain on everything a tenant's log holds."""
    from data.store import Store

    make = maker(name, seed=seed)
    with Store.open(settings.database_url) as store:
        frame = store.all_responses_frame(tenant)
        last = store.last_sequence(tenant)
        curriculum = store.curriculum(tenant)
    say(f"{len(frame):,} responses in the log of tenant {tenant!r}")
    source = f"log of tenant {tenant} up to sequence {last}"
    return _retrain(
        frame,
        make,
        settings.model_dir,
        tracking,
        source=source,
        seed=seed,
        curriculum=curriculum,
    )


def _retrain_from_file(args: argparse.Namespace, model_dir: Path, tracking: Path) -> Retrained:
    make = maker(args.model, seed=args.seed)
    frame = events_of(args, args.events).frame
    source = f"file {Path(args.events).name}"
    return _retrain(frame, make, model_dir, tracking, source=source, seed=args.seed)


def _retrain(
    frame: pd.DataFrame,
    make: Maker,
    model_dir: Path,
    tracking: Path,
    *,
    source: str,
    seed: int,
    curriculum: Curriculum | None = None,
) -> Retrained:
    from models.files import check_folder
    from training.retraining import retrain
    from training.tracking import Records

    check_folder(model_dir)
    return retrain(
        frame,
        make,
        records=Records(tracking, create=True),
        model_folder=model_dir,
        parameters={"seed": seed, "source": source},
        curriculum=curriculum,
    )


def maker(name: str, *, seed: int) -> Maker:
    """A function to a fresh model of this name, once the name is known to be right."""
    from models.names import make_bkt

    make_bkt(name, seed=seed)
    return lambda: make_bkt(name, seed=seed)


def outcome(found: Retrained) -> str:
    """What a retrain led to, in a few lines for people."""
    lines = [f"version {found.version.number} ({found.bundle.model}) is the {found.alias}"]
    if found.scores is not None:
        lines.append(
            f"on {found.scores.n:,} responses of unseen students: AUC {found.scores.auc:.4f}, "
            f"log loss {found.scores.log_loss:.5f}"
        )
    return "\n".join([*lines, f"gate: {found.verdict.reason}"])
