"""What a fitted model reads for a table of responses: their rows, and the tables of those rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.contexts import LAG, SKILL_ALONE, Contexts
from engine.parameters import FORGET, GUESS, LEARN, PRIOR, SkillEstimate, shifted
from engine.tables import Floats, Indexed, Tables
from engine.tracing import trace, trace_intervals

from .counts import smoothed
from .division import divided
from .layout import (
    ACTIVITY_COLUMNS,
    ITEM_COLUMNS,
    PARAMETERS,
    Layout,
    Rows,
    has_clock,
    layout_of,
    per_event,
)
from .sequences import Sequences, sequences_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reading:
    """Responses under a model.

    indexed  the rows that every response reads
    pooled   [event] whether an average stands in, in the order of the sequences
    """

    indexed: Indexed
    pooled: Flags
    estimates: list[SkillEstimate]
    layout: Layout
    own: tuple[Floats, ...]

    def tables(self) -> Tables:
        """The estimates, each table [row, 1]."""
        return self._tables(np.array([one.parameters for one in self.estimates])[:, None])

    def drawn_tables(self) -> Tables:
        """Parameter sets as uncertain as the estimates, each table [row, draw]."""
        drawn = self._tables(np.array([one.tables for one in self.estimates]))
        return Tables(*(np.ascontiguousarray(table[:, 1:]) for table in drawn))

    def smoothed(self) -> Floats:
        """P(mastered) at every response given the whole sequence, [event]."""
        division = divided(self.indexed, np.arange(self.indexed.sequences + 1))
        return smoothed(self.indexed, division, self.tables())

    def _tables(self, sets: Floats) -> Tables:
        """Tables from parameter sets of every skill, [skill, set, 5]."""
        first = self.estimates[0]
        prior, learn, forget, guess, slip = (
            _rated(rows, own, sets[:, :, p], first.lower[p], first.upper[p])
            for p, rows, own in zip(PARAMETERS, self.layout.rows, self.own, strict=True)
        )
        learn, forget = learn[self.layout.learn_of], forget[self.layout.forget_of]
        return Tables(prior, learn, forget, guess, slip)


def reading_of(sequences: Sequences, events: pd.DataFrame, bundle: Bundle) -> Reading:
    """The rows and tables of the responses; what they lack, averages stand in for."""
    wanted = bundle.contexts
    there = available(events, wanted)
    layout = layout_of(sequences, events, there)
    known = [bundle.estimate(skill) for skill in sequences.skills]
    estimates = [estimate for estimate, _ in known]
    own = tuple(_own(rows, estimates, p) for p, rows in zip(PARAMETERS, layout.rows, strict=True))
    unseen = np.array([stands_in for _, stands_in in known], dtype=np.bool_)
    pooled = unseen[np.repeat(sequences.skill_of, np.diff(sequences.starts))]
    pooled |= _stand_ins(layout, own, wanted)
    return Reading(layout.indexed, pooled, estimates, layout, own)


def traced(
    events: pd.DataFrame, bundle: Bundle, *, intervals: bool, smoothed: bool
) -> dict[str, NDArray[Any]]:
    """The columns of a trace (`BKT.trace`), each [event] in the order of the table."""
    sequences = sequences_of(events)
    reading = reading_of(sequences, events, bundle)
    found = trace(reading.indexed, reading.tables())
    columns: dict[str, NDArray[Any]] = {
        "p_correct": found.p_correct,
        "p_mastery": found.p_mastery,
    }
    if intervals:
        low, high = trace_intervals(reading.indexed, reading.drawn_tables())
        columns["p_mastery_low"] = np.minimum(low, found.p_mastery)
        columns["p_mastery_high"] = np.maximum(high, found.p_mastery)
    if smoothed:
        columns["p_mastery_smoothed"] = reading.smoothed()
    columns["pooled"] = reading.pooled
    return {name: per_event(sequences, values) for name, values in columns.items()}


def available(events: pd.DataFrame, wanted: Contexts) -> Contexts:
    """The contexts that the columns of a table allow.

    >>> available(pd.DataFrame({"item": []}), Contexts(items=True, gaps="time"))
    Contexts(items=True, resources=False, order=False, priors=False, gaps='')
    """
    items = any(name in events for name in ITEM_COLUMNS)
    return replace(
        wanted,
        items=wanted.items and items,
        order=wanted.order and items,
        resources=wanted.resources and any(name in events for name in ACTIVITY_COLUMNS),
        gaps=wanted.gaps if wanted.gaps == LAG or has_clock(events) else "",
    )


def _own(rows: Rows, estimates: list[SkillEstimate], parameter: int) -> Floats:
    """The value of each row that the model has one for, else NaN, [row]."""
    found = np.full(len(rows), np.nan)
    for row, (skill, key) in enumerate(zip(rows.skill.tolist(), rows.key, strict=True)):
        own = estimates[skill].own(parameter, key)
        if own is not None:
            found[row] = own
    return found


def _rated(rows: Rows, own: Floats, average: Floats, lower: float, upper: float) -> Floats:
    """The rows' rates in every parameter set, [row, set], from the skills' [skill, set]."""
    of_skill = average[rows.skill]
    there = ~np.isnan(own)
    if there.any():
        of_skill[there] = shifted(own[there], of_skill[there], lower, upper)
    return np.ascontiguousarray(of_skill)


def _stand_ins(layout: Layout, own: tuple[Floats, ...], wanted: Contexts) -> Flags:
    """Where an average stands in for the row that the model would read, [event]."""
    missing: list[Any] = [np.isnan(values) for values in own]
    indexed = layout.indexed
    found = np.zeros(len(indexed.correct), dtype=np.bool_)
    if wanted == SKILL_ALONE:
        return found
    if wanted.items:
        found |= missing[GUESS][indexed.emission]
    later = indexed.transition >= 0
    step = indexed.transition[later]
    if wanted.resources or wanted.order:
        found[later] |= missing[LEARN][layout.learn_of[step]]
    if wanted.gaps:
        found[later] |= missing[FORGET][layout.forget_of[step]]
    if wanted.priors:
        found[indexed.starts[:-1]] |= missing[PRIOR][indexed.prior]
    return found
