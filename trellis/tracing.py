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
    from models.baselines import Baseline
    from models.files import check_file, replace_file
    from models.names import saved_model

    out = Path(args.out)
    if out.suffix not in PARQUET:
        raise InvalidInput.at("--out", args.out, "the name of a .parquet file")
    check_file(out)
    model = saved_model(Path(args.bundle))
    if isinstance(model, Baseline) and args.smoothed:
        raise InvalidInput.at("--smoothed", f"{model.name}, without mastery", "a BKT bundle")
    events = events_of(args, args.events)
    started = perf_counter()
    if isinstance(model, Baseline):
        traced, known, version = model.trace(events.frame), set(model.skills), None
        say(f"{model.name} has no mastery: the trace holds p_correct alone")
    else:
        traced = model.trace(events.frame, smoothed=args.smoothed)
        known, version = set(model.bundle.skills), model.bundle.version
    seconds = perf_counter() - started
    content = traced.sort_values("source_row", kind="stable").to_parquet(index=False)
    replace_file(out, content)
    pooled = sorted(set(events.frame["skill"].unique()) - known)
    if pooled:
        say(f"{len(pooled)} skills unknown to the model: traced with averages in their place")
    result = {
        "model": model.name,
        "version": version,
        "rows": len(traced),
        "unusable": events.quality.unusable,
        "pooled_skills": pooled,
        "seconds": seconds,
        "out": str(out),
    }
    answer(args, result, f"{len(traced):,} responses traced in {seconds:.2f} s to {out}")
    return 0
