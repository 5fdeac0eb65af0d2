"""`trellis bench`: Trellis beside its peers on the same work, and how soon its server answers."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput

from . import calibrating, comparing, deciding, measuring, tiers
from .output import answer, say
from .words import Subparsers, command

PEER = ".bench/pybkt/bin/python"
CALM = 1.0  # load average above which something else is running
BUSY = " Something else is running, which hurts whoever shares work among threads"
PARTS = (
    "fitting",
    "items",
    "large",
    "tracing",
    "members",
    "bounds",
    "startup",
    "accuracy",
    "ablation",
    "tiers",
    "bars",
    "calibration",
    "decisions",
    "placement",
    "kinds",
)
QUICK = ("fitting", "tracing", "startup")
"""Measured where nothing is asked for; the others take the better part of an hour."""


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "bench",
        does="measure fits beside pyBKT's (fitting, items), up to 100 million responses (large), "
        "how fast a model is read (tracing), all members of the family, bounds on forgetting, the "
        "server's start, the accuracy of all models on unseen students, and what each ingredient "
        "adds, on the real data ($TRELLIS_REAL_DATA), and whether the hierarchical posterior is "
        "right, on simulated schools (calibration)",
        example="trellis bench fitting --data realdata --json     (after `make bench`)\n"
        "  trellis bench fitting items large tracing --largest --page docs/benchmarks.md\n"
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
    measuring.add_options(parser)
    comparing.add_options(parser)
    tiers.add_options(parser)


def run(args: argparse.Namespace) -> int:
    """Measures each part asked for and prints it as a table as soon as it is known."""
    wanted = _wanted(args)
    busy = os.getloadavg()[0]
    result: dict[str, Any] = {"machine": _machine(), "load": busy}
    say(f"{_machine()}{BUSY if busy > CALM else ''}")
    for part in PARTS:
        if part in wanted:
            result[part], text = MEASURES[part](args)
            say(text) if args.json else print(text, flush=True)
    if args.page:
        from training.benchmarks.page import write_page

        write_page(Path(args.page), result)
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


def _fitting(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return measuring.fitting(args, _data_folder(args))


def _members(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return measuring.members(args, _data_folder(args))


def _bounds(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return measuring.bounds(args, _data_folder(args))


def _accuracy(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return comparing.accuracy(args, _data_folder(args), _machine())


def _ablation(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return comparing.ablation(args, _data_folder(args), _machine())


def _startup(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from data.mathematics import middle_school_mathematics
    from data.school import simulate_school
    from training.benchmarks.startup import start_up

    school = simulate_school(middle_school_mathematics(), seed=0, classes=1)
    found = start_up(measuring.plain_fit(school.events), repeats=args.repeats)
    heavy = ", ".join(found.heavy) or "none of torch, pyro, mlflow, scipy, sklearn"
    shown = found.as_dict()
    text = (
        f"\nServer: ready after {shown['median_seconds']:.2f} s (median of {len(found.seconds)}, "
        f"{min(found.seconds):.2f} to {max(found.seconds):.2f}); `import serving.app` loads "
        f"{found.modules} modules, of the heavy ones: {heavy}"
    )
    return shown, text


def _calibration(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    return calibrating.calibration(args, _machine())


MEASURES = {
    "fitting": _fitting,
    **measuring.MEASURES,
    "members": _members,
    "bounds": _bounds,
    "startup": _startup,
    "accuracy": _accuracy,
    "ablation": _ablation,
    "tiers": tiers.measure,
    "bars": tiers.bars,
    "calibration": _calibration,
    **deciding.MEASURES,
}


def _data_folder(args: argparse.Namespace) -> Path:
    """Where the real data lie. Raises `InvalidInput` where nobody says."""
    from serving.settings import real_data_folder

    return Path(args.data) if args.data else real_data_folder()
