"""`trellis params`: the classic parameters of every skill in a bundle."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InvalidInput

from .output import answer, table
from .words import Subparsers, command

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.parameters import SkillEstimate


def add_parser(commands: Subparsers) -> None:
    """Declares the command."""
    parser = command(
        commands,
        "params",
        does="show the classic parameters of every skill, each with its standard error",
        example="trellis params bundle --csv > parameters.csv\n  trellis params bundle --rows",
        run=run,
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="folder that `trellis fit` wrote")
    parser.add_argument(
        "--rows",
        action="store_true",
        help="show what depends on more than the skill: items, activities, gaps, … each on a line",
    )
    parser.add_argument("--csv", action="store_true", help="print CSV in place of a table")


def run(args: argparse.Namespace) -> int:
    """Prints one row per skill."""
    from models.baselines import Baseline
    from models.names import saved_model
    from models.showing import rows_shown

    model = saved_model(Path(args.bundle))
    if isinstance(model, Baseline):
        expected = "a bundle of the BKT family: no other model has these parameters"
        raise InvalidInput.at("bundle", f"{args.bundle}, of {model.name}", expected)
    bundle = model.bundle
    named = {"model": bundle.model, "version": bundle.version}
    if args.rows:
        found: list[dict[str, Any]] = rows_shown(bundle).to_dict("records")  # type: ignore[assignment]
        answer(args, {**named, "rows": found}, _as_csv(found) if args.csv else table(found))
        return 0
    rows = parameter_rows(bundle)
    shown = _as_csv(rows) if args.csv else table([_shown(row) for row in rows])
    answer(args, {**named, "skills": rows}, shown)
    return 0


def parameter_rows(bundle: Bundle) -> list[dict[str, Any]]:
    """One row per skill, in the order of their names."""
    return [_row(skill, bundle.skills[skill]) for skill in sorted(bundle.skills)]


def _row(skill: str, estimate: SkillEstimate) -> dict[str, Any]:
    errors = estimate.standard_errors._asdict().items()
    return {
        "skill": skill,
        **estimate.parameters._asdict(),
        **{f"{name}_se": None if math.isnan(value) else value for name, value in errors},
        "responses": estimate.responses,
        "students": estimate.students,
        "flags": "; ".join(estimate.flags),
    }


def _as_csv(rows: list[dict[str, Any]]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else ["skill"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().rstrip("\r\n")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row with each parameter and its standard error in one cell."""
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_se"):
            if value is not None:
                shown[name.removesuffix("_se")] += f" ±{value:.3f}"
        else:
            shown[name] = f"{value:.3f}" if isinstance(value, float) else value
    return shown
