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

    from training.evaluation import Maker

TRAIN, TEST = "train", "test"
EXAMPLE = """trellis evaluate events.parquet --model classic --model mean     (its split column)
  trellis evaluate --train a.csv --test b.csv --model classic --json
  trellis evaluate events.csv --folds 5 --model classic"""


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
        "--model", action="append", metavar="NAME", help="may be repeated (default classic)"
    )
    add_event_options(parser)
    add_seed(parser)


def run(args: argparse.Namespace) -> int:
    """Scores every model named and prints one row for each."""
    check_files(args)
    names = list(dict.fromkeys(args.model or [DEFAULT_MODEL]))
    make = maker(names, seed=args.seed)
    rows = _by_folds(args, make, names) if args.folds is not None else _by_split(args, make, names)
    answer(args, {"models": rows}, table([_shown(row) for row in rows]))
    return 0


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


def _by_folds(args: argparse.Namespace, make: Maker, names: list[str]) -> list[dict[str, Any]]:
    from training.evaluation import evaluate_folds

    frame = events_of(args, args.events).frame
    found = evaluate_folds(make, names, events=frame, folds=args.folds, progress=_told())
    return [scores.as_dict() for scores in found]


def _by_split(args: argparse.Namespace, make: Maker, names: list[str]) -> list[dict[str, Any]]:
    from training.evaluation import evaluate_split

    train, test = _sides(args)
    found = evaluate_split(make, names, train=train, test=test, progress=_told())
    return [scores.as_dict() for scores in found]


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
