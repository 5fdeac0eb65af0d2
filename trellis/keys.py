"""`trellis key`: credentials for the programs that call the server."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.errors import Fault, InvalidInput, NotFound

from .output import answer, say, table
from .stored import opened, span, stored
from .words import Subparsers, group

if TYPE_CHECKING:
    from data.store import Key

ROLES = "platform, teacher, student, family, data or admin"
SHOWN = "as `trellis key list` shows it"
OVERLAP_HOURS = 24.0


def add_parser(commands: Subparsers) -> None:
    """Declares `key create`, `list`, `rotate` and `revoke`."""
    actions = group(commands, "key", does="keys for the programs that call the server")
    _add_create(actions)
    stored(
        actions,
        "list",
        does="list a tenant's keys: what each may do, until when, and when it was last used",
        example="trellis key list --tenant lincoln",
        run=run_list,
        names="--tenant",
        told="the school or platform",
    )
    rotate = stored(
        actions,
        "rotate",
        does="make a key that may do the same; the old one still opens for a while",
        example="trellis key rotate key_0f3a… --overlap 24",
        run=run_rotate,
        names="id",
        told=SHOWN,
    )
    rotate.add_argument(
        "--overlap",
        type=float,
        default=OVERLAP_HOURS,
        metavar="HOURS",
        help="how long the old key still opens (default %(default)g)",
    )
    stored(
        actions,
        "revoke",
        does="make a key open nothing from now on",
        example="trellis key revoke key_0f3a…",
        run=run_revoke,
        names="id",
        told=SHOWN,
    )


def _add_create(actions: Subparsers) -> None:
    parser = stored(
        actions,
        "create",
        does="create a bearer key of a tenant; it is shown once and only its hash is kept",
        example="trellis key create --tenant lincoln --role platform",
        run=run,
        names="--tenant",
        told="the school or platform",
    )
    parser.add_argument("--role", required=True, metavar="R", help=ROLES)
    parser.add_argument(
        "--user", metavar="U", help="whose it is: a teacher's user name, a student's id, …"
    )
    parser.add_argument("--label", default="", metavar="TEXT", help="what it is for")
    parser.add_argument(
        "--scopes",
        metavar="A,B,…",
        help="only these of the role's actions, as in send-events,recommend (default: all)",
    )
    parser.add_argument("--days", type=float, metavar="N", help="how long it opens (default: on)")


def run(args: argparse.Namespace) -> int:
    """Creates the key and prints it, the one time it can be seen."""
    scopes = _scopes(args.role, args.scopes)
    life = None if args.days is None else span("--days", days=args.days)
    with opened(args) as store:
        secret = store.create_key(
            args.tenant,
            args.role,
            datetime.now(UTC),
            label=args.label,
            user=args.user,
            scopes=scopes,
            life=life,
        )
    say("keep it safe: it is not shown again")
    answer(args, {"tenant": args.tenant, "role": args.role, "key": secret}, secret)
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Prints what is known of every key, which is all but its secret."""
    now = datetime.now(UTC)
    with opened(args) as store:
        rows = [_row(key, now) for key in store.keys(args.tenant)]
    answer(args, {"keys": rows}, table(rows))
    return 0


def run_rotate(args: argparse.Namespace) -> int:
    """Prints the new key, the one time it can be seen."""
    overlap = span("--overlap", hours=args.overlap)
    with opened(args) as store:
        secret = store.rotate_key(args.id, datetime.now(UTC), overlap=overlap)
    say(f"the old key opens for {args.overlap:g} hours more; the new one is not shown again")
    answer(args, {"replaces": args.id, "key": secret}, secret)
    return 0


def run_revoke(args: argparse.Namespace) -> int:
    """Revokes the key."""
    with opened(args) as store:
        if not store.revoke_key(args.id, datetime.now(UTC)):
            raise NotFound("key that opens anything", args.id)
    answer(args, {"revoked": args.id}, f"{args.id} opens nothing any more")
    return 0


def _scopes(role: str, text: str | None) -> Sequence[str] | None:
    """The actions a key is limited to. Raises `InvalidInput` for those its role may not do."""
    from serving.roles import MATRIX

    if text is None:
        return None
    able = sorted(action.scope for action in MATRIX.get(role, ()))
    asked = [word.strip() for word in text.split(",")]
    expected = f"one of {', '.join(able)}" if able else f"a role that may do something: {ROLES}"
    faults = [Fault("--scopes", word, expected) for word in asked if word not in able]
    if faults:
        raise InvalidInput(faults)
    return asked


def _row(key: Key, now: datetime) -> dict[str, Any]:
    return {
        "id": key.id,
        "role": str(key.role),
        "user": key.user,
        "label": key.label,
        "scopes": "all" if key.scopes is None else ",".join(key.scopes),
        "created": _day(key.created_at),
        "expires": _day(key.expires_at),
        "last used": _day(key.last_used_at),
        "state": "revoked" if key.revoked else "opens" if key.opens(now) else "expired",
    }


def _day(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None
