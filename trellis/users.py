"""`trellis user`: accounts of teachers and admins, who sign in with a name and a password."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .output import answer, say, table
from .stored import opened, span, stored
from .words import Subparsers, group, settings_of

if TYPE_CHECKING:
    from data.store import Account

ROLES = "teacher, admin, student or family"
TYPED = "the name that is typed to sign in"
HOURS = "how long the link is good (default %(default)g, at most 168)"
LOCAL = "http://127.0.0.1:8000"
WHERE = f"(default $TRELLIS_PUBLIC_URL, else {LOCAL})"


def add_parser(commands: Subparsers) -> None:
    """Declares `user create`, `list`, `password`, `reset` and `disable`."""
    actions = group(commands, "user", does="accounts of people who sign in with a password")
    _add_create(actions)
    stored(
        actions,
        "list",
        does="list a tenant's accounts",
        example="trellis user list --tenant lincoln",
        run=run_list,
        names="--tenant",
        told="the school",
    )
    stored(
        actions,
        "password",
        does="give an account another password, and end the sessions there are",
        example="trellis user password ms-rivera",
        run=run_password,
        names="name",
        told=TYPED,
    )
    reset = stored(
        actions,
        "reset",
        does="make a link by which somebody chooses a new password themselves, once",
        example="trellis user reset ms-rivera --url https://trellis.lincoln.example",
        run=run_reset,
        names="name",
        told=TYPED,
    )
    reset.add_argument("--hours", type=float, default=24.0, metavar="N", help=HOURS)
    reset.add_argument("--url", metavar="URL", help="where people open Trellis " + WHERE)
    stored(
        actions,
        "disable",
        does="let an account sign in no more, and end its sessions",
        example="trellis user disable ms-rivera",
        run=run_disable,
        names="name",
        told=TYPED,
    )


def _add_create(actions: Subparsers) -> None:
    parser = stored(
        actions,
        "create",
        does="create an account; the password is asked for, or read from standard input",
        example="trellis user create ms-rivera --tenant lincoln --role teacher",
        run=run_create,
        names="name",
        told=TYPED,
    )
    parser.add_argument("--tenant", required=True, metavar="T", help="the school")
    parser.add_argument("--role", required=True, metavar="R", help=ROLES)
    parser.add_argument(
        "--user",
        metavar="U",
        help="who they are in the roster: a class's `teacher`, a student's id (default: the name)",
    )


def run_create(args: argparse.Namespace) -> int:
    """Creates the account."""
    with opened(args) as store:
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
    with opened(args) as store:
        rows = [_row(account) for account in store.accounts(args.tenant)]
    answer(args, {"users": rows}, table(rows))
    return 0


def run_password(args: argparse.Namespace) -> int:
    """Changes the password; who was signed in has to sign in anew."""
    with opened(args) as store:
        changed = store.set_password(args.name, _password(), datetime.now(UTC))
    return _ended(args, "changed", *changed)


def run_reset(args: argparse.Namespace) -> int:
    """Prints the link, the one time it can be seen."""
    base = args.url or settings_of(args).public_url or LOCAL
    with opened(args) as store:
        life = span("--hours", hours=args.hours)
        token = store.create_reset(args.name, datetime.now(UTC), life=life)
    link = f"{base.rstrip('/')}/reset?token={token}"
    say(f"for {args.name} alone: it works once, for {args.hours:g} hours, and is not shown again")
    answer(args, {"name": args.name, "link": link}, link)
    return 0


def run_disable(args: argparse.Namespace) -> int:
    """Disables the account."""
    with opened(args) as store:
        changed = store.disable_account(args.name, datetime.now(UTC))
    return _ended(args, "disabled", *changed)


def _ended(args: argparse.Namespace, done: str, account: Account, ended: int) -> int:
    answer(args, {**_row(account), "ended": ended}, f"{done}; {ended} sessions and links ended")
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
