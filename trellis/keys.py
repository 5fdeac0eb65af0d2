"""`trellis key`: credentials for the programs that call the server."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from .output import answer, say
from .words import Subparsers, add_database, command, group, settings_of

ROLES = "platform, teacher, student, family, data or admin"


def add_parser(commands: Subparsers) -> None:
    """Declares `key create`."""
    actions = group(commands, "key", does="create keys for the programs that call the server")
    parser = command(
        actions,
        "create",
        does="create a bearer key of a tenant; it is shown once and only its hash is kept",
        example="trellis key create --tenant lincoln --role platform",
        run=run,
    )
    parser.add_argument("--tenant", required=True, metavar="T", help="the school or platform")
    parser.add_argument("--role", required=True, metavar="R", help=ROLES)
    parser.add_argument("--label", default="", metavar="TEXT", help="what it is for")
    add_database(parser)


def run(args: argparse.Namespace) -> int:
    """Creates the key and prints it, the one time it can be seen."""
    from data.store import Store

    with Store.open(settings_of(args).database_url) as store:
        secret = store.create_key(args.tenant, args.role, datetime.now(UTC), label=args.label)
    say("keep it safe: it is not shown again")
    answer(args, {"tenant": args.tenant, "role": args.role, "key": secret}, secret)
    return 0
