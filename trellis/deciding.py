"""`trellis bench decisions` and `placement`: how fast decisions are, how well placement works."""

from __future__ import annotations

import argparse
from typing import Any

from .output import table

PLACED = 500  # students under each prior


def decisions(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Processor time of the tables, of a decision, and of a whole recommendation."""
    from training.benchmarks.deciding import time_decisions

    found = time_decisions(repeats=4 * args.repeats)
    text = (
        f"\nDecisions over {found.skills:,} skills and {found.activities:,} activities, processor "
        f"time: tables {found.tables_s:.2f} s (asked: 2), a decision {found.decision_us:.0f} µs "
        f"(asked: 100), a whole recommendation in words {found.recommendation_ms:.1f} ms"
    )
    return found.as_dict(), text


def placement(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Accuracy of placement under several priors, beside random questions on skills alone."""
    from training.benchmarks.placing import NEEDS, NOISE, place_students

    rows = [one.as_dict() for one in place_students(students=PLACED)]
    edges = ", ".join(f"{skill} on {needs}" for skill, needs in enumerate(NEEDS) if needs)
    text = (
        f"\nPlacement on 12 skills, {PLACED} students a row, guess {NOISE.guess}, slip "
        f"{NOISE.slip}; a skill is held with P = ready where all it builds on is held, else .05\n"
        f"{table(rows)}\ngraph: {edges}"
    )
    return {"rows": rows, "needs": [list(needs) for needs in NEEDS]}, text


def kinds(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Whether students who learn differently by kind are told from those who do not."""
    from training.benchmarks.differing import differing

    rows = [
        differing(true_sd, skills=skills, students=PLACED).as_dict()
        for true_sd in (0.0, 0.3, 0.7)
        for skills in (10, 30)
    ]
    return {"rows": rows}, (
        f"\nKinds of activity, {PLACED} students a row: half teach how far students lie apart "
        f"(spread), the others are told where their own effect shows\n{table(rows)}"
    )


MEASURES = {"decisions": decisions, "placement": placement, "kinds": kinds}
