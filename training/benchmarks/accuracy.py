"""How well models predict unseen students of the real courses, and what their mastery is worth."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..evaluation import Maker, Progress
from ..reports import Wanted, reports
from .courses import Course, judge_course, responses_of

MODELS = (
    "hierarchical",
    "lr",
    "dkt-items",
    "dkt",
    "items+forgets",
    "classic+forgets",
    "classic",
    "pfa",
    "mean",
)
FLAGSHIP = MODELS[0]
NEED_ITEMS = ("items+forgets", "dkt-items")
SECURE = 0.95


def measured(
    folder: Path,
    course: Course,
    make: Maker,
    names: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """One course: its size, every model's scores, and the reports, as plain values.

    Models that need items are left out where the course has none. `peak_gib` is the most memory
    held until each model, in their order, had been fitted and judged.
    Raises `InvalidInput` where the course is not there.
    """
    frame = responses_of(folder, course)
    chosen = [
        name for name in names or MODELS if "item" in frame or name not in NEED_ITEMS or names
    ]
    peaks: dict[str, float] = {}

    def judged(name: str) -> None:
        peaks[name] = peak_memory()
        if progress is not None:
            progress(name)

    found = judge_course(frame, course, make, chosen, progress=judged)
    against = FLAGSHIP if FLAGSHIP in chosen else None
    told = reports(found, Wanted(against=against, by=("encounter",), validity=SECURE))
    return {
        "course": course.name,
        "about": course.about,
        "folds": course.folds,
        "responses": len(frame),
        "students": int(frame["student"].nunique()),
        "skills": int(frame["skill"].nunique()),
        "unseen": len(found.unseen.frame),
        "models": [one.scores.as_dict() for one in found.models],
        "peak_gib": peaks,
        **told,
    }


def peak_memory() -> float:
    """The most memory that this process has held so far, in GiB: data and libraries included.

    >>> 0.01 < peak_memory() < 1000.0
    True
    """
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # KiB on Linux
