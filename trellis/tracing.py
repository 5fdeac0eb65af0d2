"""`trellis trace`: what a bundle predicted before, and believed after, every response."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

from engine.errors import InvalidInput

from .inputs import events_of
from .output import answer, say
from .words import Subparsers, add_event_options, command

PARQUET = (".parquet", ".pq")


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "trace",
        does="trace every response of a file under a bundle: P(correct) before, P(mastered) after",
        example="trellis trace bundle events.csv --out trace.parquet",
        run=run,
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="folder that `trellis fit` wrote")
    parser.add_argument("events", metavar="EVENTS", help="file of events to trace")
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE.parquet",
        help="file to write: one row per usable response, source_row naming its row in EVENTS",
    )
    parser.add_argument(
        "--smoothed",
        action="store_true",
        help="also P(mastered) given the student's later responses (p_mastery_smoothed)",
    )
    add_event_options(parser)


def run(args: argparse.Namespace) -> int:
    """Reads, traces, and writes the table once it is whole."""
    from models.bundles import read_bundle
    from models.files import check_file, replace_file
    from models.names import from_bundle

    out = Path(args.out)
    if out.suffix not in PARQUET:
        raise InvalidInput.at("--out", args.out, "the name of a .parquet file")
    check_file(out)
    bundle = read_bundle(Path(args.bundle))
    events = events_of(args, args.events)
    started = perf_counter()
    traced = from_bundle(bundle).trace(events.frame, smoothed=args.smoothed)
    seconds = perf_counter() - started
    content = traced.sort_values("source_row", kind="stable").to_parquet(index=False)
    replace_file(out, content)
    pooled = sorted(set(events.frame["skill"].unique()) - set(bundle.skills))
    if pooled:
        say(f"{len(pooled)} skills unknown to the bundle: traced with its pooled parameters")
    result = {
        "model": bundle.model,
        "version": bundle.version,
        "rows": len(traced),
        "unusable": events.quality.unusable,
        "pooled_skills": pooled,
        "seconds": seconds,
        "out": str(out),
    }
    answer(args, result, f"{len(traced):,} responses traced in {seconds:.2f} s to {out}")
    return 0
