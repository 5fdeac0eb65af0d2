"""From a table of responses to the rows that each reads, in bulk.

What `engine.contexts` says of one response, said of all at once: the key of every response for
every parameter, and a row for every pair of skill and key that occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from engine.contexts import (
    GAP_CLASSES,
    LAG,
    LAG_CLASSES,
    RECORD_CLASSES,
    TIME,
    Contexts,
    gap_classes,
    joined_key,
    lag_classes,
    pair_key,
    record_classes,
)
from engine.errors import InvalidInput
from engine.parameters import FORGET, GUESS, LEARN, PRIOR, SLIP
from engine.tables import NO_ROW, Indexed, Integers

from .coding import codes_of
from .sequences import Sequences, chronology, instants_of

ITEM_COLUMNS = ("item", "problem_id", "template_id")
ACTIVITY_COLUMNS = ("activity", "template_id")
"""Trellis's own names first, then pyBKT's."""
PARAMETERS = (PRIOR, LEARN, FORGET, GUESS, SLIP)
NOTHING = -1
FEW = 4  # times as many possible pairs as events: up to there a table of flags beats sorting


class Keyed(NamedTuple):
    """A key for each of many things: `codes` into `names`, NOTHING where there is no key."""

    codes: Integers
    names: Sequence[str]


@dataclass(frozen=True)
class Rows:
    """The rows of one parameter: a pair of skill and key each, None where there is no key."""

    skill: Integers
    key: Sequence[str | None]

    def __len__(self) -> int:
        return len(self.skill)


@dataclass(frozen=True)
class Layout:
    """Responses with the rows they read.

    indexed    rows of the tables; a transition row is a pair of a learn and a forget row
    learn_of   [transition row] row in `learn`
    forget_of  [transition row] row in `forget`
    """

    contexts: Contexts
    indexed: Indexed
    prior: Rows
    learn: Rows
    forget: Rows
    emission: Rows
    learn_of: Integers
    forget_of: Integers

    @property
    def rows(self) -> tuple[Rows, ...]:
        """The rows of each of the five parameters."""
        return self.prior, self.learn, self.forget, self.emission, self.emission


def layout_of(sequences: Sequences, events: pd.DataFrame, contexts: Contexts) -> Layout:
    """The rows of every response. Raises `InvalidInput` naming a column that is needed."""
    skills = len(sequences.skills)
    skill = np.repeat(sequences.skill_of, np.diff(sequences.starts))
    prior, prior_rows = _rows(sequences.skill_of, skills, _record(sequences, events, contexts))
    emission, emission_rows = _rows(skill, skills, _item(sequences, events, contexts))
    later = np.ones(sequences.events, dtype=np.bool_)
    later[sequences.starts[:-1]] = False
    learn, learn_rows = _rows(skill, skills, _learning(sequences, events, contexts), later)
    forget, forget_rows = _rows(skill, skills, _gap(sequences, events, contexts), later)
    transition, learn_of, forget_of = _crossed(learn, forget, len(forget_rows), later)
    correct = sequences.correct[sequences.order]
    indexed = Indexed(sequences.starts, correct, prior, transition, emission)
    return Layout(
        contexts, indexed, prior_rows, learn_rows, forget_rows, emission_rows, learn_of, forget_of
    )


def clocked(contexts: Contexts, events: pd.DataFrame) -> Contexts:
    """The contexts as these responses can have them: gaps by lag where there is no clock."""
    return replace(contexts, gaps=LAG) if contexts.gaps and not has_clock(events) else contexts


def has_clock(events: pd.DataFrame) -> bool:
    """Whether any response has a time."""
    return "time" in events and bool(events["time"].notna().any())


def _column(events: pd.DataFrame, names: Sequence[str], option: str) -> pd.Series[Any]:
    for name in names:
        if name in events:
            return events[name]
    found = ", ".join(map(str, events.columns))
    expected = f"a column {names[0]}, or a model without {option}"
    raise InvalidInput.at(f"column {names[0]}", found, expected)


def _coded(column: pd.Series[Any], order: Integers) -> Keyed:
    codes, names = codes_of(column)
    return Keyed(codes[order].astype(np.int64), [str(name) for name in names])


def _item(sequences: Sequences, events: pd.DataFrame, contexts: Contexts) -> Keyed | None:
    if not contexts.items:
        return None
    return _coded(_column(events, ITEM_COLUMNS, "items"), sequences.order)


def _record(sequences: Sequences, events: pd.DataFrame, contexts: Contexts) -> Keyed | None:
    """The class of the student's record when each sequence begins."""
    if not contexts.priors:
        return None
    history = chronology(events)
    correct = sequences.correct[history.order]
    before = np.cumsum(correct) - correct
    first = history.starts[history.student[history.order]]
    right, answered = np.empty((2, sequences.events))
    right[history.order] = before - before[first] if len(first) else before
    answered[history.order] = np.arange(sequences.events) - first
    begins = sequences.order[sequences.starts[:-1]]
    return Keyed(record_classes(right[begins], answered[begins]), RECORD_CLASSES)


def _learning(sequences: Sequences, events: pd.DataFrame, contexts: Contexts) -> Keyed | None:
    """The activity just done, the order of two items, or both, for the step to each response."""
    if not (contexts.resources or contexts.order):
        return None
    activity = item = None
    if contexts.resources:
        column = _column(events, ACTIVITY_COLUMNS, "resources")
        activity = _coded(column, sequences.order)
    if contexts.order:
        item = _coded(_column(events, ITEM_COLUMNS, "item order"), sequences.order)
    if item is None:
        assert activity is not None
        return Keyed(_before(activity.codes), activity.names)
    pairs = _pairs(_before(item.codes), item.codes, item.names)
    if activity is None:
        return pairs
    return _joined(Keyed(_before(activity.codes), activity.names), pairs)


def _before(codes: Integers) -> Integers:
    """The code of the response before; what stands at a sequence's first response is not read."""
    return np.concatenate([[NOTHING], codes[:-1]]).astype(np.int64)


def _pairs(before: Integers, after: Integers, names: Sequence[str]) -> Keyed:
    known = (before != NOTHING) & (after != NOTHING)
    both, codes = np.unique(before[known] * len(names) + after[known], return_inverse=True)
    found = np.full(len(before), NOTHING)
    found[known] = codes
    keys = [str(pair_key(names[pair // len(names)], names[pair % len(names)])) for pair in both]
    return Keyed(found, keys)


def _joined(activity: Keyed, pairs: Keyed) -> Keyed:
    known = (activity.codes != NOTHING) & (pairs.codes != NOTHING)
    count = max(len(pairs.names), 1)
    joint = activity.codes[known] * count + pairs.codes[known]
    both, codes = np.unique(joint, return_inverse=True)
    found = np.full(len(known), NOTHING)
    found[known] = codes
    names = [str(joined_key(activity.names[n // count], pairs.names[n % count])) for n in both]
    return Keyed(found, names)


def _gap(sequences: Sequences, events: pd.DataFrame, contexts: Contexts) -> Keyed | None:
    """The class of the gap before each response."""
    if not contexts.gaps:
        return None
    if contexts.gaps == TIME:
        seconds = instants_of(events)[sequences.order]
        gap = np.diff(seconds, prepend=np.nan)
        known = gap >= 0.0  # not where a time is missing, or the student's order is another
        codes = np.full(len(gap), NOTHING)
        codes[known] = gap_classes(gap[known])
        return Keyed(codes, GAP_CLASSES)
    history = chronology(events)
    place = np.empty(sequences.events, dtype=np.int64)
    place[history.order] = np.arange(sequences.events)
    between = np.diff(place[sequences.order], prepend=0) - 1
    return Keyed(lag_classes(between), LAG_CLASSES)


def _rows(
    skill: Integers, skills: int, keyed: Keyed | None, used: np.ndarray[Any, Any] | None = None
) -> tuple[Integers, Rows]:
    """The row of each skill and key, and the rows; where not `used`, NO_ROW.

    Every skill has a row without a key, whether it is read or not.
    """
    alone = Rows(np.arange(skills), [None] * skills)
    if keyed is None:
        return skill, alone
    width = len(keyed.names) + 1
    pair = skill * width + keyed.codes + 1
    read = pair if used is None else pair[used]
    pairs, row = _compact(read, np.arange(skills) * width, skills * width)
    rows = Rows(pairs // width, [keyed.names[c - 1] if c else None for c in pairs % width])
    if used is None:
        return row, rows
    found = np.full(len(pair), NO_ROW)
    found[used] = row
    return found, rows


def _compact(values: Integers, always: Integers, limit: int) -> tuple[Integers, Integers]:
    """The distinct values (and those `always` there), ascending, and the place of each value."""
    if limit > FEW * len(values) + len(always):
        distinct = np.unique(np.concatenate([values, always]))
        return distinct, np.searchsorted(distinct, values).astype(np.int64)
    there = np.zeros(limit, dtype=np.bool_)
    there[values] = True
    there[always] = True
    place = np.cumsum(there) - 1
    return np.flatnonzero(there), place[values]


def _crossed(
    learn: Integers, forget: Integers, forgets: int, used: np.ndarray[Any, Any]
) -> tuple[Integers, Integers, Integers]:
    """A row for every pair of a learn and a forget row that occurs."""
    if learn is forget:
        rows = np.arange(forgets)
        return np.where(used, learn, NO_ROW), rows, rows
    pair = learn[used] * forgets + forget[used]
    pairs, row = _compact(pair, np.empty(0, np.int64), (learn.max(initial=0) + 1) * forgets)
    found = np.full(len(learn), NO_ROW)
    found[used] = row
    return found, pairs // forgets, pairs % forgets


def per_event(sequences: Sequences, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A value per response in the order of the sequences, in the order of the table."""
    found = np.empty(sequences.events, dtype=values.dtype)
    found[sequences.order] = values
    return found
