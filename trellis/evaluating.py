"""`trellis evaluate`: models side by side on students they have not seen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .inputs import events_of, rows_of_split
from .output import answer, say, table
from .words import DEFAULT_MODEL, Subparsers, add_event_options, add_seed, command

if TYPE_CHECKING:
    import pandas as pd

    from training.evaluation import Comparison, Maker

TRAIN, TEST = "train", "test"
DRAWN = "intervals: 95 % of draws of whole students"
TITLES = {
    "differences": f"Differences ({DRAWN})",
    "by_encounter": "First encounters with a skill, and later ones",
    "by_position": "By how many responses the student had given before",
    "by_skill": "By skill",
    "calibration": "Predicted beside right",
    "validity": "After P(mastered) first reached the threshold: share of the next first attempts "
    f"right ({DRAWN})",
}
"""Of each report, above its table."""
EXAMPLE = """trellis evaluate events.parquet --model classic --model mean     (its split column)
  trellis evaluate --train a.csv --test b.csv --model classic --json
  trellis evaluate events.csv --folds 5 --model hierarchical --model lr --by encounter --validity"""


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "evaluate",
        does="fit on some students and score next-response predictions on others",
        example=EXAMPLE,
        run=run,
    )
    parser.add_argument(
        "events", metavar="EVENTS", nargs="?", help="one file: by its split column, or --folds"
    )
    parser.add_argument("--train", metavar="A", help="file to fit on")
    parser.add_argument("--test", metavar="B", help="file whose students are predicted")
    parser.add_argument(
        "--folds", type=int, metavar="K", help="student-disjoint folds of one file, by CRC-32"
    )
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help=f"may be repeated (default {DEFAULT_MODEL})",
    )
    add_report_options(parser)
    add_event_options(parser)
    add_seed(parser)


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """What is told beside the scores."""
    parser.add_argument(
        "--against",
        metavar="NAME",
        help="the model that differences are from (default: the one with the highest AUC)",
    )
    parser.add_argument(
        "--replicates",
        type=int,
        default=1000,
        metavar="N",
        help="draws of students behind every interval (default %(default)s)",
    )
    parser.add_argument(
        "--by",
        action="append",
        choices=("encounter", "position", "skill"),
        help="also by first encounter with a skill, position, or skill; may be repeated",
    )
    parser.add_argument(
        "--calibration", action="store_true", help="also predicted beside right, bin by bin"
    )
    parser.add_argument(
        "--validity",
        type=float,
        nargs="?",
        const=0.95,
        metavar="P",
        help="also what follows once P(mastered) reaches P (default %(const)s): mastery validity",
    )


def run(args: argparse.Namespace) -> int:
    """Scores every model named, and prints one row for each and what else was asked for."""
    check_files(args)
    names = list(dict.fromkeys(args.model or [DEFAULT_MODEL]))
    check_report(args, names)
    make = maker(names, seed=args.seed)
    found = _by_folds(args, make, names) if args.folds is not None else _by_split(args, make, names)
    result, text = reported(found, args)
    answer(args, result, text)
    return 0


def check_report(args: argparse.Namespace, names: list[str]) -> None:
    """Raises `InvalidInput` before the work for what a report cannot be of."""
    if args.against is not None and args.against not in names:
        raise InvalidInput.at("--against", args.against, f"one of {', '.join(names)}")
    if args.replicates < 1:
        raise InvalidInput.at("--replicates", args.replicates, "a whole number from 1")
    if args.validity is not None and not 0.0 < args.validity < 1.0:
        raise InvalidInput.at("--validity", args.validity, "a probability between 0 and 1")


def check_files(args: argparse.Namespace) -> None:
    """Raises `InvalidInput` unless the words name one file, or one to fit on and one to predict."""
    one = args.events is not None
    two = args.train is not None or args.test is not None
    if one == two:
        given = "EVENTS and --train or --test" if one else "no file"
        raise InvalidInput.at("evaluate", given, "EVENTS, or --train A (with a split or --test B)")
    if args.folds is not None and two:
        raise InvalidInput.at("--folds", args.folds, "one file of EVENTS, not --train and --test")
    if args.test is not None and args.train is None:
        raise InvalidInput.at("--train", "nothing", "the file to fit on")


def maker(names: list[str], *, seed: int) -> Maker:
    """A function from name to fresh model, once every name is known to be right."""
    from models.names import make

    for name in names:
        make(name, seed=seed)
    return lambda name: make(name, seed=seed)


def reported(found: Comparison, args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """The scores and all that was asked for beside them: as values, and as text."""
    from training.reports import Wanted, reports

    rows = [one.scores.as_dict() for one in found.models]
    wanted = Wanted(
        against=args.against,
        by=args.by or (),
        calibration=args.calibration,
        validity=args.validity,
        replicates=args.replicates,
        seed=args.seed,
    )
    told = reports(found, wanted)
    parts = [table([_shown(row) for row in rows])]
    for name, lines in told.items():
        parts.append(f"\n{TITLES[name]}\n{table([_flat(line) for line in lines])}")
    return {"models": rows, **told}, "\n".join(parts)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A share as one cell: the value and its interval."""
    return {
        name: f"{value['right']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
        if isinstance(value, dict)
        else value
        for name, value in row.items()
    }


def _by_folds(args: argparse.Namespace, make: Maker, names: list[str]) -> Comparison:
    from training.evaluation import judge_folds

    frame = events_of(args, args.events).frame
    return judge_folds(make, names, events=frame, folds=args.folds, progress=_told())


def _by_split(args: argparse.Namespace, make: Maker, names: list[str]) -> Comparison:
    from training.evaluation import judge_split

    train, test = _sides(args)
    return judge_split(make, names, train=train, test=test, progress=_told())


def _sides(args: argparse.Namespace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows to fit on and those to predict: two files, or the two splits of one."""
    first = args.train or args.events
    frame = events_of(args, first).frame
    if args.test is None or Path(args.test).resolve() == Path(first).resolve():
        return rows_of_split(frame, TRAIN), rows_of_split(frame, TEST)
    return frame, events_of(args, args.test).frame


def _told() -> Callable[[str], None]:
    return lambda name: say(f"scored {name}")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table: with folds, the AUC's and the log loss's spread beside their means."""
    plain = {name: value for name, value in row.items() if name not in ("spread", "folds")}
    spread = row.get("spread", {})
    return plain | {f"{name} ±": spread[name] for name in ("auc", "log_loss") if name in spread}
