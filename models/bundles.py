"""Bundles: what a fit found, ready to travel; and on disk, where a folder with one file is always
either the old bundle or the new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.bundle import BUNDLE_FILE, Bundle, decode, encode, versioned
from engine.contexts import SKILL_ALONE
from engine.errors import NotFound

from .files import replace_file
from .fitting import Fit
from .nested import Found
from .objective import Objective
from .sequences import Sequences
from .uncertainty import estimates, pooled
from .variants import with_rows


def bundled(
    model: str,
    settings: Mapping[str, Any],
    found: Fit,
    goal: Objective,
    sequences: Sequences,
    rows: Found | None,
) -> Bundle:
    """The fit of the skills and of the rows that any of them has, under the name of the model.

    Settings that are None are left out.
    """
    skills, contexts = estimates(found, goal, sequences), SKILL_ALONE
    if rows is not None:
        skills, contexts = with_rows(skills, rows.variant, rows.layout), rows.layout.contexts
    facts = {
        "events": sequences.events,
        "students": sequences.students,
        "skills": len(sequences.skills),
        "log_likelihood": float(found.log_likelihood.sum()),
        "converged": bool(found.converged.all()),
        "largest_gradient": float(found.gradient.max()),
        **{name: value for name, value in settings.items() if value is not None},
    }
    average = pooled(found, goal, sequences)
    return versioned(Bundle(model, skills, average, facts, contexts=contexts))


def write_bundle(folder: Path, bundle: Bundle) -> Path:
    """The folder holds the bundle. Raises `InvalidInput` where a file is in the way."""
    replace_file(folder / BUNDLE_FILE, encode(bundle))
    return folder


def read_bundle(folder: Path) -> Bundle:
    """The bundle of a folder. Raises `NotFound` where there is none, `InvalidInput` if damaged.

    >>> read_bundle(Path("nowhere"))
    Traceback (most recent call last):
    engine.errors.NotFound: no bundle (a folder with bundle.json) with the id 'nowhere'
    """
    try:
        return decode((folder / BUNDLE_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise NotFound(f"bundle (a folder with {BUNDLE_FILE})", str(folder)) from None
