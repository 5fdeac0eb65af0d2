"""`trellis fit`: from events to a parameter bundle."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from engine.errors import InvalidInput

from .inputs import events_of, rows_of_split
from .output import answer, say
from .words import (
    DEFAULT_MODEL,
    PLAIN_MODEL,
    Subparsers,
    add_event_options,
    add_fit_options,
    add_seed,
    command,
    fit_options,
    model_name,
)

if TYPE_CHECKING:
    import pandas as pd

SKILLS_NAMED = 10  # on the screen; the JSON line names every one


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "fit",
        does="fit a model to a file of events and write its parameter bundle",
        example="trellis fit events.csv --model hierarchical --out bundle --split train --json\n"
        "  trellis fit events.csv --model items+gaps --plain --bounds guess=0:0.3 --out bundle",
        run=run,
    )
    parser.add_argument("events", metavar="EVENTS", help="file of events to learn from")
    parser.add_argument(
        "--model",
        metavar="NAME",
        help=f"(default {DEFAULT_MODEL}; with options of the plain family {PLAIN_MODEL})",
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write")
    parser.add_argument("--split", metavar="NAME", help="use only this split's rows, as in train")
    add_fit_options(parser)
    add_event_options(parser)
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Reads, fits, and writes the bundle once it is whole."""
    from models.bundles import write_bundle
    from models.files import check_folder
    from models.names import BASELINES, make, make_bkt

    out, name = Path(args.out), model_name(args)
    check_folder(out)
    make(name)  # refuses an unknown one, naming all that can be fitted
    if name in BASELINES:
        return _fit_baseline(args, out)
    model = make_bkt(name, seed=args.seed, **fit_options(args))
    frame = _rows(args)
    started = perf_counter()
    bundle = model.fit(frame).bundle
    seconds = perf_counter() - started
    write_bundle(out, bundle)
    facts = {**bundle.facts, "model": name, "seconds": seconds}
    result = {field: facts[field] for field in RESULT}
    flagged = {skill: list(one.flags) for skill, one in bundle.skills.items() if one.flags}
    _say_flags(flagged)
    more = {"version": bundle.version, "out": str(out), "flagged": flagged}
    answer(args, {**result, **more}, _sentence(result, out))
    return 0


def _fit_baseline(args: argparse.Namespace, out: Path) -> int:
    """Fits a model without mastery: it can be traced and compared, but nothing serves it."""
    from models.names import BASELINES

    if fit_options(args):
        given = f"{args.model} with options of the BKT family"
        raise InvalidInput.at("--model", given, "a model of the family, or no such options")
    model = BASELINES[args.model]()(seed=args.seed)
    frame = _rows(args)
    started = perf_counter()
    model.fit(frame)
    facts = {**model.facts, "model": args.model, "seconds": perf_counter() - started}
    model.save(out)
    say(f"{args.model} has no mastery: `trellis trace` gives its p_correct alone")
    result = {field: facts[field] for field in RESULT}
    answer(args, {**result, "out": str(out)}, _sentence(result, out))
    return 0


def _rows(args: argparse.Namespace) -> pd.DataFrame:
    frame = events_of(args, args.events).frame
    return frame if args.split is None else rows_of_split(frame, args.split)


RESULT = ("model", "log_likelihood", "events", "students", "skills", "seconds", "converged")


def _sentence(result: dict[str, object], out: Path) -> str:
    return (
        f"{result['model']}: {result['skills']:,} skills from {result['events']:,} responses of "
        f"{result['students']:,} students in {result['seconds']:.2f} s, log-likelihood "
        f"{result['log_likelihood']:.2f}{'' if result['converged'] else ', NOT converged'}\n"
        f"bundle written to {out}"
    )


def _say_flags(flagged: dict[str, list[str]]) -> None:
    """Names the skills whose estimates are to be read with care, and why; the gravest first."""
    grave = sorted(
        flagged, key=lambda skill: all(f.startswith("undetermined") for f in flagged[skill])
    )
    for skill in grave[:SKILLS_NAMED]:
        say(f"skill {skill}: {'; '.join(flagged[skill])}")
    if len(grave) > SKILLS_NAMED:
        say(f"and {len(grave) - SKILLS_NAMED} more skills with flags: see `trellis params`")
