"""`trellis load`: a real server under load, and what it keeps and answers a second."""

from __future__ import annotations

import argparse
from time import perf_counter
from typing import Any

from .output import answer, say
from .words import Subparsers, command

NAMES = ("ingest", "next", "beliefs", "ready", "rebuild")


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "load",
        does="put a real server on this machine under load and print each figure beside what was "
        "to be reached, with the disk's own speed (wrk for ingest: apt install wrk)",
        example="trellis load --quick --only ingest",
        run=run,
    )
    parser.add_argument("--only", choices=NAMES, action="append", help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="small and short: for a look")


def run(args: argparse.Namespace) -> int:
    """Measures each scenario asked for and prints it as soon as it is known."""
    from engine.errors import Unavailable
    from training.benchmarks.serving.machine import described
    from training.benchmarks.serving.scenarios import SCENARIOS, Plan

    plan = Plan.quick() if args.quick else Plan.whole()
    machine = described()
    say(", ".join(f"{name} {value}" for name, value in machine.items()))
    rows: list[dict[str, Any]] = []
    for name in args.only or NAMES:
        started = perf_counter()
        try:
            found = SCENARIOS[name](plan)
        except Unavailable as error:
            found = [{"figure": name, "skipped": str(error)}]
        rows += found
        for row in found:
            _show(row)
        say(f"{name}: {perf_counter() - started:.0f} s")
    answer(args, {"machine": machine, "quick": args.quick, "figures": rows}, "")
    return 0


def _show(row: dict[str, Any]) -> None:
    if "skipped" in row:
        say(f"{row['figure']}: skipped: {row['skipped']}")
        return
    rest = {k: v for k, v in row.items() if k not in ("figure", "wanted", "found")}
    say(f"{row['figure']}: {row['found']:,} (wanted {row['wanted']})")
    say("  " + ", ".join(f"{name} {value}" for name, value in rest.items()))
