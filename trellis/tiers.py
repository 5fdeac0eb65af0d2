"""`trellis bench tiers`: tiers judged where the truth is known, and the time to seat a class."""

from __future__ import annotations

import argparse
from typing import Any

from .output import table

STUDENTS = 3000
SEEDS = "1,2,3"  # tuned on 21 to 34; these were looked at when everything was settled
SEATINGS = 50
BAR_STUDENTS, BAR_SEEDS = 600, (21, 22, 23, 24)
SHOWN = ("needless", "moves", "severe", "severe_mean", "firm", "right", "loss")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declares what can be said about the tiers' benchmark."""
    parser.add_argument(
        "--students", type=int, default=STUDENTS, metavar="N", help="tiers: in each world"
    )
    parser.add_argument(
        "--seeds", default=SEEDS, metavar="N,…", help="tiers: worlds drawn (default %(default)s)"
    )


def bars(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """What each bar of the tiers costs and brings: what the bars in force were chosen by."""
    from training.benchmarks.bars import tried_bars

    rows = list(tried_bars(students=BAR_STUDENTS, seeds=BAR_SEEDS))
    return {"rows": rows}, (
        f"\nBars of the tiers, {BAR_STUDENTS} students, seeds {BAR_SEEDS} (never reported on); "
        f"means over worlds, answers a week and questions, `severe_worst` of all\n{table(rows)}"
    )


def measure(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Every rule in both worlds, and what it takes to seat thirty students in mixed groups."""
    from training.benchmarks.seating import TARGET_MS, seating_times
    from training.benchmarks.tiers import tier_scores

    seeds = tuple(int(seed) for seed in args.seeds.split(","))
    rows = [score.as_dict() for score in tier_scores(students=args.students, seeds=seeds)]
    times = seating_times(repeats=SEATINGS)
    shown = [{**row, **{name: f"{row[name]:.4f}" for name in SHOWN}} for row in rows]
    text = (
        f"\nTiers, {args.students:,} students, 10 weekly reviews, means over seeds {args.seeds}\n"
        f"{table(shown)}\n\nMixed groups for {times.students} students: {times.median_ms:.1f} ms "
        f"of processor time (median of {SEATINGS}, {times.fastest_ms:.1f} to "
        f"{times.slowest_ms:.1f}; asked: {TARGET_MS:.0f}); spread {times.spread:.3f} against "
        f"{times.random_spread:.3f} at random"
    )
    return {"rows": rows, "seating": times.as_dict()}, text
