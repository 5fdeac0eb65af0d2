"""DataShop's two exports: every transaction, and one row per student and step.

Knowledge tracing asks whether a step was known at the first attempt, so that is what is read: of
transactions, the first attempt at each step. A hint asked for before any answer counts as not
known: DataShop's own rule (help pages, "First Attempt": correct, incorrect or hint).
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.responses import SKILL_SEPARATOR

from ..quality import Sieve
from .draft import Draft, Wanted, frame_of, join_skills, positions_of
from .source import Source, texts

KC_COLUMN = re.compile(r"KC ?\((?P<model>.*)\)")
KC_NEEDED = ("KC (*", "KC(*")
TRANSACTION_NEEDS = (("Anon Student Id",), ("Outcome",), KC_NEEDED)
STEP_NEEDS = (("Anon Student Id",), ("First Attempt", "Correct First Attempt"), KC_NEEDED)

OUTCOMES = {"correct": "1", "incorrect": "0", "hint": "0", "1": "1", "0": "0"}

SHARED = {
    "student": "Anon Student Id",
    "problem": "Problem Name",
    "view": "Problem View",
    "step": "Step Name",
}
TRANSACTION = SHARED | {
    "outcome": "Outcome",
    "attempt": "Attempt At Step",
    "time": "Time",
    "zone": "Time Zone",
    "event": "Transaction Id",
    "session": "Session Id",
    "class": "Class",
}
STEP = SHARED | {
    "outcome": "First Attempt",
    "outcome_ct": "Correct First Attempt",
    "time": "First Transaction Time",
    "hints": "Hints",
    "row": "Row",
    "sample": "Sample",
}


def read_transactions(source: Source, wanted: Wanted) -> Draft:
    """The first attempt at each step. Blank outcomes and later attempts are counted aside."""
    rows = _read(source, TRANSACTION, wanted)
    sieve = Sieve(rows_read=len(rows))
    rows = sieve.keep(rows, rows["outcome"].notna(), "no outcome", "outcome")
    rows = _scored(rows, sieve)
    if "attempt" in rows:
        rows = sieve.keep(rows, rows["attempt"].notna(), "not an attempt at a step", "attempt")
        later = pd.to_numeric(rows["attempt"], errors="coerce") != 1
        rows = sieve.keep(rows, ~later, "later attempt at the same step", "attempt")
    else:
        later = rows.duplicated([name for name in SHARED if name in rows])
        rows = sieve.keep(rows, ~later, "later attempt at the same step", "step")
    if "zone" in rows:
        rows["time"] = _in_utc(rows["time"], rows.pop("zone"), sieve)
    return Draft(_finished(rows), sieve)


def read_steps(source: Source, wanted: Wanted) -> Draft:
    """One row per student and step; steps repeated per skill or per sample are one response."""
    rows = _read(source, STEP, wanted)
    sieve = Sieve(rows_read=len(rows))
    if "outcome_ct" in rows:
        rows["outcome"] = rows.pop("outcome_ct")
    rows = _without_copies(rows, sieve)
    if "row" in rows:
        key = [name for name in ("row", *SHARED) if name in rows]
        rows = join_skills(source, rows, sieve, key=key, same=["outcome"])
    rows = sieve.keep(rows, rows["outcome"].notna(), "no outcome", "outcome")
    return Draft(_finished(_scored(rows, sieve)), sieve)


def _read(source: Source, names: dict[str, str], wanted: Wanted) -> pd.DataFrame:
    """The named columns, and as `skill` all columns of one knowledge component model."""
    found = positions_of(source, names)
    skills = _skill_positions(source, wanted.kc_model)
    quoted = getattr(source, "delimiter", ",") != "\t"  # its own exports do not quote
    positions = [*found.values(), *skills]
    arrays = source.read(positions, quoted=quoted, progress=wanted.progress)
    rows = frame_of(dict(zip(found, arrays[: len(found)], strict=True)))
    return rows.assign(skill=_together([texts(array) for array in arrays[len(found) :]]))


def _together(parts: list[pd.Series]) -> pd.Series:
    joined = parts[0]
    for further in parts[1:]:
        both = joined.notna() & further.notna()
        joined = joined.fillna(further).mask(both, joined + SKILL_SEPARATOR + further)
    return joined


def _skill_positions(source: Source, model: str | None) -> list[int]:
    """Where the model's columns are. An old export has one column for each of a row's skills."""
    models = [found and found["model"] for found in map(KC_COLUMN.fullmatch, source.columns)]
    known = list(dict.fromkeys(name for name in models if name is not None))
    chosen = known[0] if model is None else model
    if chosen not in known:
        raise InvalidInput.at("kc_model", model, f"one of {', '.join(known)}")
    return [position for position, name in enumerate(models) if name == chosen]


def _scored(rows: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    correct = rows["outcome"].str.strip().str.lower().map(OUTCOMES)
    rows = rows.assign(correct=correct.astype(rows["outcome"].dtype))
    reason = "outcome other than correct, incorrect or hint"
    return sieve.keep(rows, rows["correct"].notna(), reason, "outcome")


def _without_copies(rows: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Each step once: a row may be copied, and every chosen sample lists its steps again."""
    copies = rows.duplicated([name for name in rows if name != "source_row"])
    if "sample" in rows and rows["sample"].nunique() > 1:
        copies |= rows.duplicated([name for name in (*SHARED, "time", "skill") if name in rows])
    sieve.repeated += int(copies.sum())
    return rows.loc[~copies]


def _in_utc(local: pd.Series, zones: pd.Series, sieve: Sieve) -> pd.Series:
    """The clock times as UTC; a zone the time zone database lacks is taken as UTC, and noted."""
    naive = pd.to_datetime(local, format="ISO8601", errors="coerce", utc=True)
    utc = naive.copy()
    for zone in zones.dropna().unique():
        there = zones == zone
        try:
            known = ZoneInfo(str(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            sieve.notes.append(f"time zone {zone!r} is not known: its times are taken as UTC")
            continue
        clock = naive[there].dt.tz_localize(None)
        standard = np.zeros(len(clock), dtype=bool)  # of the hour that occurs twice, the second
        placed = clock.dt.tz_localize(known, ambiguous=standard, nonexistent="shift_forward")
        utc[there] = placed.dt.tz_convert("UTC")
    return utc.where(naive.notna())


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    """With the step of the problem as the item, and the problem as the activity."""
    if "problem" in rows:
        rows = rows.assign(activity=rows["problem"], item=rows["problem"])
    if "step" in rows:
        step = rows["step"].fillna("")
        rows = rows.assign(item=rows["item"].fillna("") + "|" + step if "item" in rows else step)
    extra = ["problem", "view", "step", "outcome", "row", "sample"]
    return rows.drop(columns=extra, errors="ignore")
