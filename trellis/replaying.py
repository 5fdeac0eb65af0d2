"""`trellis replay`: a recommendation decided again, and whether the same comes out."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.errors import NotFound

from .output import answer, say
from .words import Subparsers, add_model_folder, add_store, command, settings_of


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "replay",
        does="decide a recommendation again from the facts of then; say what differs, if anything",
        example="trellis replay rec_0f3a… --tenant lincoln",
        run=run,
    )
    parser.add_argument("id", metavar="ID", help="as the recommendation names itself")
    parser.add_argument(
        "--bundle", metavar="DIR", help="the model that decided it (default: the champion)"
    )
    add_store(parser)
    add_model_folder(parser)


def run(args: argparse.Namespace) -> int:
    """Prints whether it is identical to the bit; the exit status is 1 where it is not."""
    from data.store import Store
    from serving.champion import Champion
    from serving.recommendations.replaying import replay

    settings = settings_of(args)
    folder = Path(args.bundle) if args.bundle else settings.model_dir
    with Store.open(settings.database_url) as store:
        document = store.recommendation(args.tenant, args.id)
        if document is None:
            raise NotFound("recommendation", args.id)
        found = replay(store, Champion(folder).bundle(), args.tenant, document)
    for one in found["differences"]:
        say(f"{one['field']}: was {one['stored']!r}, is {one['replayed']!r}")
    answer(args, found, "identical" if found["identical"] else "it differs")
    return 0 if found["identical"] else 1
