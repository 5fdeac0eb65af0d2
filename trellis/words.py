"""The command line's grammar: how a command is declared, and the options that several share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

if TYPE_CHECKING:
    from serving.settings import Settings

DEFAULT_SEED = 0
DEFAULT_MODEL = "hierarchical"
PLAIN_MODEL = "classic"
"""What is fitted where options were given that only the plain family has, and no model's name."""
DEFAULT_TENANT = "default"
DEFAULT_TRACKING = "mlruns"
Subparsers = Any  # argparse keeps the type of add_subparsers() to itself


def command(
    commands: Subparsers,
    name: str,
    *,
    does: str,
    example: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """Declares a command: its help line, a worked example, and the options every command has."""
    found: argparse.ArgumentParser = commands.add_parser(
        name,
        help=does,
        description=does[0].upper() + does[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument(
        "--json", action="store_true", help="print the result as one JSON line, last on stdout"
    )
    found.add_argument("--debug", action="store_true", help="show a traceback when it fails")
    found.set_defaults(run=run, parser=found)
    return found


def add_event_options(parser: argparse.ArgumentParser) -> None:
    """How to read a file of events whose columns or layout are not Trellis's own."""
    parser.add_argument(
        "--columns",
        metavar="OURS=THEIRS,…",
        help="names of the file's columns, as in student=user_id,skill=topic",
    )
    parser.add_argument(
        "--format",
        metavar="NAME",
        help="the file's layout where its header does not tell: table, assistments, "
        "datashop-transaction, datashop-step, pykt or pybkt",
    )
    parser.add_argument(
        "--kc-model", metavar="NAME", help="DataShop's skill model to use (default: the first)"
    )


def add_seed(parser: argparse.ArgumentParser) -> None:
    """The number from which every random choice of the command follows."""
    parser.add_argument(
        "--seed",
        type=int,
        default=DEFAULT_SEED,
        metavar="N",
        help="start of every random choice: the same seed, the same result (default %(default)s)",
    )


def add_fit_options(parser: argparse.ArgumentParser) -> None:
    """What a fit of the BKT family may be told beside its name."""
    parser.add_argument(
        "--plain", action="store_true", help="plain maximum likelihood: no priors, no shrinkage"
    )
    parser.add_argument(
        "--fix",
        metavar="NAME=VALUE",
        action="append",
        help="a parameter that is given, not fitted, as in forget=0.02; may be repeated",
    )
    parser.add_argument(
        "--bounds",
        metavar="NAME=LOW:HIGH",
        action="append",
        help="a parameter's range, as in guess=0:0.3; may be repeated",
    )
    parser.add_argument(
        "--inference",
        metavar="WAY",
        help="of the hierarchical model: map, laplace, svi or nuts (default map)",
    )
    parser.add_argument(
        "--restarts", type=int, metavar="N", help="starting points for every skill (default 8)"
    )


def fit_options(args: argparse.Namespace) -> dict[str, Any]:
    """The options of `models.BKT` that `add_fit_options` read; those not given are left out.

    >>> fit_options(argparse.Namespace(plain=True, fix=["forget=0.02"], bounds=["guess=0:0.3"],
    ...                                restarts=None, inference=None))
    {'map': False, 'fixed': {'forget': 0.02}, 'bounds': {'guess': (0.0, 0.3)}}
    """
    found: dict[str, Any] = {"map": False} if args.plain else {}
    if args.fix:
        fixed = _by_name("--fix", args.fix, "NAME=VALUE, as in forget=0.02", size=1)
        found["fixed"] = {name: value for name, (value,) in fixed.items()}
    if args.bounds:
        wanted = "NAME=LOW:HIGH, as in guess=0:0.3"
        found["bounds"] = _by_name("--bounds", args.bounds, wanted, size=2)
    if args.inference is not None:
        found["inference"] = args.inference
    if args.restarts is not None:
        found["restarts"] = args.restarts
    return found


def model_name(args: argparse.Namespace) -> str:
    """The model named, or what is fitted unless one is.

    >>> given = dict(model=None, plain=False, fix=None, bounds=None, restarts=None)
    >>> model_name(argparse.Namespace(**given))
    'hierarchical'
    >>> model_name(argparse.Namespace(**given | {"plain": True}))
    'classic'
    """
    if args.model is not None:
        return str(args.model)
    family = args.plain or args.fix or args.bounds or args.restarts is not None
    return PLAIN_MODEL if family else DEFAULT_MODEL


def _by_name(
    place: str, words: list[str], wanted: str, *, size: int
) -> dict[str, tuple[float, ...]]:
    """NAME=NUMBER:… by name, each with so many numbers and given once."""
    found: dict[str, tuple[float, ...]] = {}
    for word in words:
        name, _, numbers = word.partition("=")
        if name in found:
            raise InvalidInput.at(place, word, f"{name} once")
        try:
            found[name] = tuple(float(number) for number in numbers.split(":"))
        except ValueError:
            raise InvalidInput.at(place, word, wanted) from None
        if len(found[name]) != size:
            raise InvalidInput.at(place, word, wanted)
    return found


def group(commands: Subparsers, name: str, *, does: str) -> Subparsers:
    """Declares a command that is only a family of others, as in `trellis models list`."""
    found = commands.add_parser(
        name,
        help=does,
        description=does[0].upper() + does[1:] + ".",
        epilog=f"each has an example: trellis {name} ACTION --help",
    )
    return found.add_subparsers(title="actions", metavar="ACTION", required=True)


def add_store(parser: argparse.ArgumentParser) -> None:
    """Which tenant's facts, and in which database."""
    parser.add_argument(
        "--tenant",
        default=DEFAULT_TENANT,
        metavar="T",
        help="whose facts: a school or platform (default %(default)s)",
    )
    add_database(parser)


def add_log(parser: argparse.ArgumentParser) -> None:
    """Which log to learn from: the tenant's in the store, or a file of events."""
    parser.add_argument("events", metavar="EVENTS", nargs="?", help="a file, not the store's log")
    add_store(parser)
    add_event_options(parser)


def add_database(parser: argparse.ArgumentParser) -> None:
    """Where facts live, unless the environment says."""
    parser.add_argument("--database", metavar="URL", help="(default $TRELLIS_DATABASE_URL)")


def add_model_folder(parser: argparse.ArgumentParser) -> None:
    """Where the champion's bundle lies, unless the environment says."""
    parser.add_argument("--model-dir", metavar="DIR", help="(default $TRELLIS_MODEL_DIR)")


def add_tracking(parser: argparse.ArgumentParser) -> None:
    """Where training records lie."""
    parser.add_argument(
        "--tracking",
        default=DEFAULT_TRACKING,
        metavar="DIR",
        help="folder of the training records, MLflow's mlflow.db and artifacts "
        "(default %(default)s)",
    )


def settings_of(args: argparse.Namespace) -> Settings:
    """The environment's settings, with what the command line says in their place."""
    from serving.settings import Settings

    found = Settings.from_environment()
    database, model_dir = getattr(args, "database", None), getattr(args, "model_dir", None)
    return replace(
        found,
        database_url=database or found.database_url,
        model_dir=Path(model_dir) if model_dir else found.model_dir,
    )


def column_names(words: str | None) -> dict[str, str] | None:
    """The columns that `--columns` names, ours to theirs.

    >>> column_names("student=user_id,skill=topic")
    {'student': 'user_id', 'skill': 'topic'}
    >>> column_names("student")
    Traceback (most recent call last):
    engine.errors.InvalidInput: --columns: got 'student', expected OURS=THEIRS, separated by commas
    """
    if words is None:
        return None
    pairs = [word.partition("=") for word in words.split(",")]
    if not all(ours.strip() and theirs.strip() for ours, _, theirs in pairs):
        raise InvalidInput.at("--columns", words, "OURS=THEIRS, separated by commas")
    names = [ours.strip() for ours, _, _ in pairs]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InvalidInput.at("--columns", words, f"one column for {', '.join(twice)}")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
