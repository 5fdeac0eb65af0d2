"""From a draft to responses: every value understood, every row complete, every event once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.errors import Fault, InvalidInput

from ..quality import Sieve
from .draft import CANONICAL, FAULTS_SHOWN, NUMERIC, OPTIONAL, Draft, refuse_differences
from .source import Source
from .values import Mask, answers, missing, numbers, skills, times


class Understood(NamedTuple):
    """A column as values, and where it could not be understood."""

    values: pd.Series
    faulty: Mask


class Kind(NamedTuple):
    """How a column is understood, and what a message says would have been right."""

    read: Callable[[pd.Series], tuple[object, Mask]]
    expected: str


KINDS = {
    "correct": Kind(answers, "a number from 0 to 1"),
    "time": Kind(times, "ISO 8601, or seconds or milliseconds since 1970"),
    **dict.fromkeys(NUMERIC, Kind(numbers, "a number")),
}


def responses(source: Source, draft: Draft) -> pd.DataFrame:
    """The draft's usable responses, canonical columns first to last, then `source_row`.

    Raises `InvalidInput` with every kind of fault at once: an answer outside 0 to 1, and in a
    canonical table also times and numbers that cannot be understood; then events that were
    delivered twice with different content. Rows that lack something go to the draft's sieve.
    """
    rows = _understood(source, draft)
    rows = _complete(rows, draft.rows["correct"], draft.sieve)
    rows = _delivered_once(source, rows, draft.sieve)
    empty = [name for name in OPTIONAL if name in rows and rows[name].isna().all()]
    names = [name for name in CANONICAL if name in rows and name not in empty]
    return rows[[*names, "source_row"]].reset_index(drop=True)


def _understood(source: Source, draft: Draft) -> pd.DataFrame:
    values, faults = {"skill": skills(draft.rows["skill"])}, []
    for name in [name for name in KINDS if name in draft.rows]:
        found = _column(draft.rows[name], KINDS[name])
        values[name] = found.values
        if draft.forgiving and name != "correct":
            _note(draft.sieve, draft.rows[name], found.faulty)
        else:
            faults += _faults(source, draft.rows, name, found.faulty)
    if faults:
        raise InvalidInput(faults)
    return draft.rows.assign(**values)


def _column(texts: pd.Series, kind: Kind) -> Understood:
    values, faulty = kind.read(texts)
    return Understood(pd.Series(values, texts.index), faulty)


def _faults(source: Source, rows: pd.DataFrame, name: str, faulty: Mask) -> list[Fault]:
    expected = KINDS[name].expected
    bad = rows.loc[faulty, [name, "source_row"]]
    faults = [
        Fault(f"{source.place(row)}, {name}", str(value), expected)
        for value, row in bad.head(FAULTS_SHOWN).itertuples(index=False)
    ]
    if more := len(bad) - len(faults):
        faults.append(Fault(name, f"{more:,} more such rows", expected))
    return faults


def _note(sieve: Sieve, texts: pd.Series, faulty: Mask) -> None:
    if faulty.any():
        example = texts[faulty].iloc[0]
        sieve.notes.append(
            f"{texts.name}: {faulty.sum():,} of {len(texts):,} values are damaged, such as "
            f"{example!r}, and left out" + ("; file order counts" if texts.name == "time" else "")
        )


def _complete(rows: pd.DataFrame, answer: pd.Series, sieve: Sieve) -> pd.DataFrame:
    """Rows with a student, a skill and an answer."""
    rows = sieve.keep(rows, rows["student"].notna(), "no student", "student")
    rows = sieve.keep(rows, rows["skill"].notna(), "no skill", "skill")
    unanswered = pd.Series(missing(answer), answer.index)[rows.index]
    shown = rows.assign(correct=answer[rows.index]) if unanswered.any() else rows
    kept = sieve.keep(shown, ~unanswered, "no answer recorded", "correct")
    return rows.loc[kept.index] if unanswered.any() else rows


def _delivered_once(source: Source, rows: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Each event id once. The same id with other content raises `InvalidInput`."""
    if "event" not in rows:
        return rows
    named = rows["event"].notna()
    several = named & rows.duplicated("event", keep=False)
    if not several.any():
        return rows
    some = rows.loc[several]
    group = some.groupby("event", sort=False).ngroup()
    refuse_differences(source, some, group, [name for name in CANONICAL if name in some])
    again = named & rows.duplicated("event")
    sieve.repeated += int(np.count_nonzero(again))
    return rows.loc[~again]
