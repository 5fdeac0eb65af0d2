"""`trellis bench calibration`: is the hierarchical posterior right, and the page that says so."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from time import process_time
from typing import Any

from .comparing import checked_page
from .output import plain, say, table


def calibration(args: argparse.Namespace, machine: str) -> tuple[dict[str, Any], str]:
    """Ranks and coverage on simulated schools; the page with its picture, where one is wanted."""
    from training.benchmarks.calibration import SCHOOLS, control_rows, coverage_rows, rank_rows

    out = None if args.out is None else checked_page(Path(args.out))
    schools, began = args.schools or SCHOOLS, process_time()
    found = {
        "ran": machine,
        "schools": schools,
        "ranks": rank_rows(schools, progress=say),
        "control": control_rows(),
        "coverage": coverage_rows(progress=say),
    }
    found = plain({**found, "seconds": process_time() - began})
    if out is not None:
        _write(out, found)
    shown = (found["ranks"], found["control"], found["coverage"])
    text = "\n\n".join(table([_short(row) for row in rows]) for rows in shown)
    return found, f"\nThe hierarchical model's posterior, on simulated schools\n\n{text}"


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "counts"}


def _write(out: Path, found: dict[str, Any]) -> None:
    from models.files import replace_file
    from training.benchmarks.calibration_page import calibration_page, rank_picture

    kept = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
    replace_file(out.with_suffix(".json"), kept.encode())
    replace_file(out, calibration_page(found).encode())
    replace_file(out.with_suffix(".svg"), rank_picture(found["ranks"]).encode())
