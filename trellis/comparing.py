"""`trellis bench accuracy` and `trellis bench ablation`: models on real courses, and their pages.

A course is measured in minutes, all of them in an hour. With `--out` what was measured is kept as
JSON beside the page, course by course, and the page is made of everything kept: so courses can be
measured one at a time, and measured again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .evaluating import maker
from .output import plain, say

if TYPE_CHECKING:
    from training.benchmarks.courses import Course

MARKDOWN = ".md"
Run = Mapping[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which courses and models, and where the page goes."""
    parser.add_argument(
        "--set",
        action="append",
        metavar="NAME",
        help="of accuracy, ablation, members, bounds: only this course",
    )
    parser.add_argument(
        "--model", action="append", metavar="NAME", help="of accuracy: only this model"
    )
    parser.add_argument(
        "--out",
        metavar="FILE.md",
        help="of accuracy, ablation, calibration: the page to write, with its JSON",
    )
    parser.add_argument(
        "--schools", type=int, metavar="N", help="of calibration: how many schools are ranked"
    )


def accuracy(args: argparse.Namespace, folder: Path, machine: str) -> tuple[dict[str, Any], str]:
    """Every model on every course asked for; the page, where one is wanted."""
    from training.benchmarks.accuracy import MODELS, measured
    from training.benchmarks.pages import accuracy_page

    make = maker(list(args.model or MODELS), seed=0)

    def one(course: Course) -> Run:
        return measured(folder, course, make, args.model, progress=_told(course))

    return _measured(args, machine, one, {MARKDOWN: accuracy_page})


def ablation(args: argparse.Namespace, folder: Path, machine: str) -> tuple[dict[str, Any], str]:
    """Every ingredient's worth on every course asked for; the page and its picture."""
    from training.benchmarks.ablation import ablation, ladder
    from training.benchmarks.pages import ablation_page
    from training.benchmarks.picture import picture

    make = maker(ladder(), seed=0)

    def one(course: Course) -> Run:
        return ablation(folder, course, make, progress=_told(course))

    return _measured(args, machine, one, {MARKDOWN: ablation_page, ".svg": picture})


def _measured(
    args: argparse.Namespace,
    machine: str,
    measure: Callable[[Course], Run],
    writers: Mapping[str, Callable[[list[Run]], str]],
) -> tuple[dict[str, Any], str]:
    """The courses one by one, each kept and shown as soon as it is measured."""
    from training.benchmarks.courses import courses_named

    out = None if args.out is None else checked_page(Path(args.out))
    runs = {} if out is None else _kept(out.with_suffix(".json"))
    found: list[Run] = []
    for course in courses_named(args.set):
        run = plain({**measure(course), "ran": machine})
        found.append(run)
        runs[course.name] = run
        if out is not None:
            _write(out, runs, writers)
            say(f"{course.name}: written to {out}")
    return {"runs": found}, writers[MARKDOWN](found)


def checked_page(out: Path) -> Path:
    """The file, where a page can be written. Raises `InvalidInput`."""
    from models.files import check_file

    if out.suffix != MARKDOWN:
        raise InvalidInput.at("--out", out, "the name of a .md file")
    check_file(out)
    return out


def _kept(path: Path) -> dict[str, Run]:
    """What was measured before, by course."""
    if not path.exists():
        return {}
    try:
        return {run["course"]: run for run in json.loads(path.read_text(encoding="utf-8"))}
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInput.at(str(path), error, "runs that this command kept") from None


def _write(
    out: Path, runs: Mapping[str, Run], writers: Mapping[str, Callable[[list[Run]], str]]
) -> None:
    from models.files import replace_file
    from training.benchmarks.courses import COURSES

    ordered = [runs[course.name] for course in COURSES if course.name in runs]
    kept = json.dumps(ordered, ensure_ascii=False, indent=1, allow_nan=False)
    replace_file(out.with_suffix(".json"), kept.encode())
    for suffix, write in writers.items():
        replace_file(out.with_suffix(suffix), write(ordered).encode())


def _told(course: Course) -> Callable[[str], None]:
    return lambda name: say(f"{course.name}: judged {name}")
