"""What `trellis bench` measures of the BKT family: fits beside pyBKT's, sizes, speeds."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .output import say

if TYPE_CHECKING:
    import pandas as pd

    from engine.bundle import Bundle

DATA_SETS = ("assist2009", "assist2015")
ONE_SKILL = 1_000_000  # simulated responses
COURSE = "cognitive_tutor"  # for all members, unless another is asked for
BOUNDED = ("assist2009", "stats_cloze", "cognitive_tutor")  # on which forgetting is bounded
CURVE = (1_000, 10_000, 100_000, 1_000_000)
CURVE_TURNS = 3
Measured = tuple[dict[str, Any], str]


class Work(NamedTuple):
    """A race to run: what it is called, on which responses, with forgetting or without."""

    name: str
    responses: pd.DataFrame
    forgets: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    """How much to measure, and where to show it."""
    parser.add_argument(
        "--largest", action="store_true", help="measure the largest sizes, too (items, large)"
    )
    parser.add_argument(
        "--page", metavar="FILE.md", help="write these figures as a page (fitting to tracing)"
    )


def plain_fit(responses: pd.DataFrame, *, forgets: bool = False) -> Bundle:
    """Classic BKT by plain maximum likelihood, as pyBKT does it."""
    from models import BKT

    return BKT(map=False, forgets=forgets).fit(responses).bundle


def fitting(args: argparse.Namespace, folder: Path) -> Measured:
    """Both real sets and a simulated skill, each with and without forgetting; then ever more."""
    from training.benchmarks.fitting import race
    from training.benchmarks.page import fitting
    from training.benchmarks.worlds import one_skill

    races, peer = [], Path(args.peer)
    for name, responses, forgets in _works(folder):
        say(f"{name} …")
        found = race(
            responses,
            partial(plain_fit, forgets=forgets),
            python=peer,
            repeats=args.repeats,
            work=name,
            options={"forgets": True} if forgets else {},
        )
        races.append(found.as_dict())
    curve = [race(one_skill(size), plain_fit, python=peer, repeats=CURVE_TURNS) for size in CURVE]
    points = [
        {"responses": one.responses, "seconds": one.ours.median, "peer_seconds": one.peer.median}
        for one in curve
    ]
    result = {"races": races, "curve": points}
    return result, fitting(result)


def members(args: argparse.Namespace, folder: Path) -> Measured:
    """Every member of the family on one real course, the first of those asked for."""
    from data.events import in_order
    from training.benchmarks.courses import courses_named, responses_of
    from training.benchmarks.members import falls, fit_members
    from training.benchmarks.page import members

    course, *_ = courses_named(args.set or [COURSE])
    frame = responses_of(folder, course)
    found = fit_members(in_order(frame).reset_index(drop=True))
    fits = [one.as_dict() for one in found.values()]
    result = {"course": course.name, "fits": fits, "falls": falls(found)}
    return result, members(result)


def bounds(args: argparse.Namespace, folder: Path) -> Measured:
    """How much forgetting MAP may find, on training students held out."""
    from training.benchmarks.bounds import judge_bounds
    from training.benchmarks.courses import courses_named, responses_of
    from training.benchmarks.page import bounds

    found = [
        one.as_dict()
        for course in courses_named(args.set or BOUNDED)
        for one in judge_bounds(responses_of(folder, course), course, progress=say)
    ]
    result = {"found": found}
    return result, bounds(result)


def _works(folder: Path) -> Iterator[Work]:
    from data.events import in_order, read_events
    from training.benchmarks.worlds import one_skill

    for name in DATA_SETS:
        frame = read_events(folder / "events" / f"{name}.parquet").frame
        responses = in_order(frame).reset_index(drop=True)
        yield Work(name, responses, False)
        yield Work(f"{name}, forgetting", responses, True)
    simulated = one_skill(ONE_SKILL)
    yield Work(f"{ONE_SKILL:,} simulated", simulated, False)
    yield Work(f"{ONE_SKILL:,} simulated, forgetting", simulated, True)


def items(args: argparse.Namespace) -> Measured:
    """A skill of a thousand items."""
    from training.benchmarks.items import SIZES, race_items
    from training.benchmarks.page import items

    races = race_items(python=Path(args.peer), sizes=_sizes(args, SIZES))
    result = {"races": [one.as_dict() for one in races]}
    return result, items(result)


def large(args: argparse.Namespace) -> Measured:
    """Up to 100 million responses."""
    from training.benchmarks.large import SIZES, fit_large
    from training.benchmarks.page import large

    result = {"sizes": [one.as_dict() for one in fit_large(sizes=_sizes(args, SIZES))]}
    return result, large(result)


def _sizes(args: argparse.Namespace, sizes: tuple[int, ...]) -> tuple[int, ...]:
    return sizes if args.largest else sizes[:-1]


def tracing(args: argparse.Namespace) -> Measured:
    """In bulk and online."""
    from training.benchmarks.page import tracing
    from training.benchmarks.tracing import speeds

    result = speeds().as_dict()
    return result, tracing(result)


MEASURES: dict[str, Callable[[argparse.Namespace], Measured]] = {
    "items": items,
    "large": large,
    "tracing": tracing,
}
