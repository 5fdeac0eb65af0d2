"""`trellis bench`: Trellis beside its peers on the same work, and how soon its server answers."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from . import comparing
from .output import answer, say, table
from .words import Subparsers, command

if TYPE_CHECKING:
    import pandas as pd

    from engine.bundle import Bundle
    from training.benchmarks.fitting import Race, Side

PEER = ".bench/pybkt/bin/python"
DATA_SET = "assist2009"
CALM = 1.0  # load average above which something else is running
BUSY = ": something else is running, which hurts whoever shares work among threads"
PARTS = ("fit", "startup", "accuracy", "ablation")
QUICK = ("fit", "startup")
"""Measured where nothing is asked for; the others take the better part of an hour."""


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "bench",
        does="measure the fit beside pyBKT's, the server's start, the accuracy of all models on "
        "unseen students, and what each ingredient adds, on the real data ($TRELLIS_REAL_DATA)",
        example="trellis bench fit --data realdata --json     (after `make bench`)\n"
        "  trellis bench accuracy --set stats_cloze --out docs/accuracy.md",
        run=run,
    )
    parser.add_argument("--data", metavar="DIR", help="real data (default $TRELLIS_REAL_DATA)")
    parser.add_argument(
        "--peer", default=PEER, metavar="PYTHON", help="a Python with pyBKT (default %(default)s)"
    )
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="turns of each side")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default {', '.join(QUICK)})"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="the same as a PART")
    comparing.add_options(parser)


def run(args: argparse.Namespace) -> int:
    """Measures each part asked for and prints it as a table as soon as it is known."""
    wanted = _wanted(args)
    busy = os.getloadavg()[0]
    result: dict[str, Any] = {"machine": _machine(), "load": busy}
    say(f"on {_machine()}{BUSY if busy > CALM else ''}")
    for part in PARTS:
        if part in wanted:
            result[part], text = MEASURES[part](args)
            say(text) if args.json else print(text, flush=True)
    if args.json:
        answer(args, result, "")
    return 0


def _wanted(args: argparse.Namespace) -> list[str]:
    """The parts asked for. Raises `InvalidInput` for one that there is not."""
    for part in args.parts:
        if part not in PARTS:
            raise InvalidInput.at("PART", part, f"one of {', '.join(PARTS)}")
    return [*args.parts, *(args.only or ())] or list(QUICK)


def _machine() -> str:
    """What it runs on, and how busy that is."""
    version, load = platform.python_version(), os.getloadavg()[0]
    return f"On {platform.machine()}, {os.cpu_count()} cores, Python {version}, load {load:.1f}."


def _fit(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from training.benchmarks.fitting import race

    responses = _responses(_data_folder(args))
    found = race(responses, plain_fit, python=Path(args.peer), repeats=args.repeats)
    return found.as_dict(), _race_shown(found)


def plain_fit(responses: pd.DataFrame) -> Bundle:
    """Classic BKT by plain maximum likelihood, as pyBKT does it."""
    from models import BKT

    return BKT(map=False).fit(responses).bundle


def _accuracy(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return comparing.accuracy(args, _data_folder(args), _machine())


def _ablation(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return comparing.ablation(args, _data_folder(args), _machine())


def _startup(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from data.mathematics import middle_school_mathematics
    from data.school import simulate_school
    from training.benchmarks.startup import start_up

    school = simulate_school(middle_school_mathematics(), seed=0, classes=1)
    found = start_up(plain_fit(school.events), repeats=args.repeats)
    heavy = ", ".join(found.heavy) or "none of torch, pyro, mlflow, scipy, sklearn"
    shown = found.as_dict()
    text = (
        f"\nServer: ready after {shown['median_seconds']:.2f} s (median of {len(found.seconds)}, "
        f"{min(found.seconds):.2f} to {max(found.seconds):.2f}); `import serving.app` loads "
        f"{found.modules} modules, of the heavy ones: {heavy}"
    )
    return shown, text


MEASURES = {"fit": _fit, "startup": _startup, "accuracy": _accuracy, "ablation": _ablation}


def _data_folder(args: argparse.Namespace) -> Path:
    """Where the real data lie. Raises `InvalidInput` where nobody says."""
    from serving.settings import real_data_folder

    return Path(args.data) if args.data else real_data_folder()


def _responses(folder: Path) -> pd.DataFrame:
    from data.events import in_order, read_events

    frame = read_events(folder / "events" / f"{DATA_SET}.parquet").frame
    return in_order(frame).reset_index(drop=True)


def _race_shown(found: Race) -> str:
    rows = [_side_shown(found.ours), _side_shown(found.peer)]
    rows[0]["log-likelihood"] = f"{found.log_likelihood:,.2f}"
    rows[1]["log-likelihood"] = f"{found.peer_log_likelihood:,.2f}"
    return "\n".join(
        [
            f"\nFit of all {found.skills} skills of {DATA_SET} ({found.responses:,} responses), "
            "plain maximum likelihood, DataFrame in memory, turn by turn",
            table(rows),
            f"ratio {found.ratio:.1f}× (medians); log-likelihood at least the peer's for "
            f"{found.skills_at_least_as_high} of {found.skills} skills, worst difference "
            f"{found.worst_difference:+.1e} ({found.worst_skill}), same judge for both",
        ]
    )


def _side_shown(side: Side) -> dict[str, Any]:
    about = side.about
    return {
        "side": f"{about['name']} {about['version']}",
        "built": about.get("built", "numba"),
        "threads": str(about["threads"]),
        "seconds (median)": side.median,
        "lowest": min(side.seconds),
        "highest": max(side.seconds),
        "on": f"numpy {about['numpy']}, pandas {about['pandas']}",
    }
