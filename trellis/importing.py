"""`trellis import`: facts from files into the store."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .inputs import events_of
from .output import answer, say
from .stored import opened
from .words import Subparsers, add_event_options, add_store, command, group

if TYPE_CHECKING:
    from data.store import Store

Load = Callable[["Store", datetime], dict[str, Any]]
"""Puts what a file said into the store; gives back how much of it there was."""

NEW_SKILLS = "make the skills that the file names and that are not known yet, without prerequisites"
UNMAPPED = (
    "unmapped: kept, and not counted until every skill or item that they name is known. Make them "
    "with `trellis import skills PATH` or `PUT /v1/skills/{id}`, or import this file again with "
    "--new-skills"
)
COLUMNS = {
    "events": "student, skill, correct and where known item, time, event, class, activity, …",
    "roster": "student, class and where known student_name, class_name, teacher",
    "skills": "skill and where known name, prerequisites (joined by ~~)",
    "activities": "activity, skills (joined by ~~) and where known name, modality, level, "
    "minutes, items (joined by ~~), teacher_led, assesses",
}


def add_parser(commands: Subparsers) -> None:
    """Declares one action for each kind of file."""
    actions = group(commands, "import", does="load facts from files into the store")
    for kind, columns in COLUMNS.items():
        parser = command(
            actions,
            kind,
            does=f"load {kind} into the store, all or none; columns: {columns}",
            example=f"trellis import {kind} {kind}.csv --tenant lincoln",
            run=run,
        )
        parser.set_defaults(kind=kind)
        parser.add_argument("path", metavar="PATH", help="CSV, TSV, Parquet or JSON lines")
        add_store(parser)
        if kind == "events":
            add_event_options(parser)
            parser.add_argument("--new-skills", action="store_true", help=NEW_SKILLS)


def run(args: argparse.Namespace) -> int:
    """Reads the file whole, then loads it and says how much of it is new."""
    load = READERS.get(args.kind, _facts)(args)
    with opened(args) as store:
        counts = load(store, datetime.now(UTC))
    shown = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    answer(args, {"kind": args.kind, "tenant": args.tenant, **counts}, f"{args.kind}: {shown}")
    if counts.get("unmapped"):
        say(UNMAPPED)
    return 0


def _events(args: argparse.Namespace) -> Load:
    from data.loading import new_events, skills_named

    events = events_of(args, args.path)

    def load(store: Store, now: datetime) -> dict[str, Any]:
        if args.new_skills:
            known = store.curriculum(args.tenant).skills
            named = [one for one in skills_named(events.frame) if one not in known]
            store.put_many(args.tenant, "skills", [{"id": one} for one in named], now=now)
            say(f"skills made: {len(named):,}, which the file names and nobody had")
        tally = store.append_many(args.tenant, new_events(events.frame), now)
        return {**tally._asdict(), "unusable": events.quality.unusable}

    return load


def _roster(args: argparse.Namespace) -> Load:
    from data.loading import roster_in

    roster = roster_in(Path(args.path))

    def load(store: Store, now: datetime) -> dict[str, Any]:
        store.put_roster(args.tenant, roster.students, roster.classes, now=now)
        return {"students": len(roster.students), "classes": len(roster.classes)}

    return load


def _facts(args: argparse.Namespace) -> Load:
    from data.loading import facts_in

    rows = facts_in(Path(args.path), args.kind)

    def load(store: Store, now: datetime) -> dict[str, Any]:
        created = store.put_many(args.tenant, args.kind, rows, now=now)
        return {"loaded": len(rows), "new": created}

    return load


READERS: dict[str, Callable[[argparse.Namespace], Load]] = {"events": _events, "roster": _roster}
