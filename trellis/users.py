"""`trellis user`: accounts of teachers and admins, who sign in with a name and a password."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .output import answer, say, table
from .words import Subparsers, add_database, command, group, settings_of

if TYPE_CHECKING:
    from data.store import Account

ROLES = "teacher, admin, student or family"


def add_parser(commands: Subparsers) -> None:
    """Declares `user create`, `list`, `password` and `disable`."""
    actions = group(commands, "user", does="accounts of people who sign in with a password")
    _add_create(actions)
    parser = command(
        actions,
        "list",
        does="list a tenant's accounts",
        example="trellis user list --tenant lincoln",
        run=run_list,
    )
    parser.add_argument("--tenant", required=True, metavar="T", help="the school")
    add_database(parser)
    parser = command(
        actions,
        "password",
        does="give an account another password, and end the sessions there are",
        example="trellis user password ms-rivera",
        run=run_password,
    )
    parser.add_argument("name", metavar="NAME", help="the name that is typed to sign in")
    add_database(parser)
    parser = command(
        actions,
        "disable",
        does="let an account sign in no more, and end its sessions",
        example="trellis user disable ms-rivera",
        run=run_disable,
    )
    parser.add_argument("name", metavar="NAME", help="the name that is typed to sign in")
    add_database(parser)


def _add_create(actions: Subparsers) -> None:
    parser = command(
        actions,
        "create",
        does="create an account; the password is asked for, or read from standard input",
        example="trellis user create ms-rivera --tenant lincoln --role teacher",
        run=run_create,
    )
    parser.add_argument("name", metavar="NAME", help="the name that is typed to sign in")
    parser.add_argument("--tenant", required=True, metavar="T", help="the school")
    parser.add_argument("--role", required=True, metavar="R", help=ROLES)
    parser.add_argument(
        "--user",
        metavar="U",
        help="who they are in the roster: a class's `teacher`, a student's id (default: the name)",
    )
    add_database(parser)


def run_create(args: argparse.Namespace) -> int:
    """Creates the account."""
    from data.store import Store

    with Store.open(settings_of(args).database_url) as store:
        account = store.create_account(
            args.name,
            _password(),
            tenant=args.tenant,
            role=args.role,
            user=args.user,
            now=datetime.now(UTC),
        )
    answer(args, _row(account), f"{account.name} signs in as {account.role} of {account.tenant}")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Prints the tenant's accounts."""
    from data.store import Store

    with Store.open(settings_of(args).database_url) as store:
        rows = [_row(account) for account in store.accounts(args.tenant)]
    answer(args, {"users": rows}, table(rows))
    return 0


def run_password(args: argparse.Namespace) -> int:
    """Changes the password; who was signed in has to sign in anew."""
    from data.store import Store

    with Store.open(settings_of(args).database_url) as store:
        account = store.set_password(args.name, _password())
        ended = store.end_sessions_of(account.person)
    answer(args, {**_row(account), "ended": ended}, f"changed; {ended} sessions and links ended")
    return 0


def run_disable(args: argparse.Namespace) -> int:
    """Disables the account."""
    from data.store import Store

    with Store.open(settings_of(args).database_url) as store:
        account = store.disable_account(args.name)
        ended = store.end_sessions_of(account.person)
    answer(args, {**_row(account), "ended": ended}, f"disabled; {ended} sessions and links ended")
    return 0


def _password() -> str:
    """What is typed, twice the same, or the first line of standard input where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    say("a password of 12 characters or more; it is not shown")
    first = getpass.getpass("password: ")
    if getpass.getpass("again: ") != first:
        raise InvalidInput.at("password", "two that differ", "the same one twice")
    return first


def _row(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": str(account.role),
        "user": account.user,
        "created": account.created_at.isoformat(timespec="minutes"),
        "state": "disabled" if account.disabled else "signs in",
    }
