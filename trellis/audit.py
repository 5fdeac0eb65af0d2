"""`trellis audit`: who did what to whom in a school, and forgetting what is old enough."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .output import answer, table
from .stored import opened, stored
from .words import Subparsers

if TYPE_CHECKING:
    from data.store import Noted, Store

PAGE = 1000


def add_parser(commands: Subparsers) -> None:
    """Declares `audit`."""
    parser = stored(
        commands,
        "audit",
        does="list who did what to whom: sign-ins, credentials, exports, erasures, overrides, and "
        "which of the staff looked at whom; it names nobody",
        example="trellis audit --tenant lincoln --student ana --since 2026-09-01",
        run=run,
        names="--tenant",
        told="the school",
    )
    parser.add_argument("--student", metavar="ID", help="only what was done to this student")
    parser.add_argument(
        "--user", metavar="U", help="only what this person did, and what was done to their access"
    )
    parser.add_argument("--deed", metavar="WORD", help="only this, as in erase-student")
    parser.add_argument("--since", metavar="DAY", help="only from this day on, as 2026-09-01")
    parser.add_argument(
        "--forget-before",
        metavar="DAY",
        help="delete what was noted before this day, a year ago or more, and list nothing",
    )


def run(args: argparse.Namespace) -> int:
    """Prints the log, oldest first; or forgets what is old."""
    since, before = _day("--since", args.since), _day("--forget-before", args.forget_before)
    with opened(args) as store:
        if before is not None:
            gone = store.forget_audit(args.tenant, before, datetime.now(UTC))
            answer(args, {"forgotten": gone}, f"{gone} rows from before {before.date()} are gone")
            return 0
        rows = [_row(one) for one in _pages(store, args, since)]
    answer(args, {"audit": rows}, table(rows))
    return 0


def _pages(store: Store, args: argparse.Namespace, since: datetime | None) -> Iterator[Noted]:
    after = 0
    while True:
        page = store.audit(
            args.tenant,
            after=after,
            limit=PAGE,
            student=args.student,
            user=args.user,
            deed=args.deed,
            since=since,
        )
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].sequence


def _day(option: str, text: str | None) -> datetime | None:
    """The beginning of a day, in UTC."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidInput.at(option, text, "a day, as 2026-09-01") from None


def _row(one: Noted) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(timespec="seconds"),
        "deed": str(one.deed),
        "role": one.role,
        "actor": one.actor,
        "about": one.about,
        "detail": one.detail,
    }
