"""`trellis simulate`: policies compared on simulated students whose truth is known."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.errors import InvalidInput

from .output import answer, say, table
from .words import Subparsers, add_seed, command

STUDENTS, COURSES = 200, 6
HELD_OUT = 7000
"""Courses that reports are made on; rules were made and chosen on seeds below 100."""


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "simulate",
        does="compare policies on the same simulated students, beside the reference (mastery at "
        ".95, random practice) and an oracle",
        example="trellis simulate --policy auto --policy zpdes --world matched --students 200\n"
        "  trellis simulate --policy mine:choose --world mine:World --students 100 --json",
        run=run,
    )
    parser.add_argument(
        "--policy", action="append", metavar="NAME", help="or module:function; may be repeated"
    )
    parser.add_argument(
        "--world", action="append", metavar="NAME", help="or module:Class; may be repeated"
    )
    parser.add_argument(
        "--students", type=int, default=STUDENTS, metavar="N", help="(default %(default)s)"
    )
    parser.add_argument(
        "--courses", type=int, default=COURSES, metavar="N", help="fresh curricula (default 6)"
    )
    parser.add_argument(
        "--page", metavar="FILE", help="also write the rows as a page, with a picture beside it"
    )
    add_seed(parser)
    parser.set_defaults(seed=HELD_OUT)


def run(args: argparse.Namespace) -> int:
    """Plays every world and prints one row for each policy in it."""
    from training.simulation.contest import contest
    from training.simulation.plugging import ORACLE, REFERENCE, policy_of, world_of

    check_counts(args)
    names = list(dict.fromkeys(args.policy or ["auto"]))
    worlds = {name: world_of(name) for name in dict.fromkeys(args.world or ["matched"])}
    policies = {name: policy_of(name) for name in dict.fromkeys([*names, REFERENCE, ORACLE])}
    rows = []
    for world, make in worlds.items():
        played = contest(
            make,
            policies,
            students=args.students,
            courses=args.courses,
            seed=args.seed,
            progress=lambda line: say(f"  {line}"),
        )
        rows += [played.row(world, name) for name in names]
        for name in names:
            setting = played.best(name)[0]
            say(f"{world}: {name}{f' at its best setting, {setting}' if setting else ''}")
    if args.page:
        from training.simulation.page import write_page

        write_page(Path(args.page), rows, courses=args.courses, seed=args.seed)
        say(f"written to {args.page}")
    answer(args, {"rows": rows, "against": REFERENCE, "seed": args.seed}, table(rows))
    return 0


def check_counts(args: argparse.Namespace) -> None:
    """Raises `InvalidInput` unless there is at least one student and one course."""
    for name in ("students", "courses"):
        value = getattr(args, name)
        if value < 1:
            raise InvalidInput.at(f"--{name}", value, "a whole number from 1")
    if args.seed < 0:
        raise InvalidInput.at("--seed", args.seed, "0 or a positive whole number")
