"""Students' histories as numbers: what a baseline reads, with the names it has seen before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.responses import SKILL_SEPARATOR
from engine.tables import Floats, Integers

from ..coding import codes_of
from ..layout import ITEM_COLUMNS, has_clock
from ..sequences import Sequences, chronology, instants_of, sequences_of

UNSEEN = 0
"""The number of a name that was not there to learn from."""
NO_ITEM = ""

Flags = NDArray[np.bool_]
Vocabulary = Mapping[str, int]
"""Names and their numbers, from 1."""


class Histories(NamedTuple):
    """Responses, one student after the other, each in the order it happened.

    order      [event] the row of the table
    starts     [student + 1]
    correct    [event]
    clock      [event] seconds, or, where no time is known, the number of the student's response
    clocked    whether `clock` is in seconds
    skill      [event] the skill or combination, numbered by `skills`
    skills     the names of all of them, sorted
    item       [event] numbered by `items`; where no item is known, the skill stands for it
    items      the names of all of them
    hints      [event] hints taken, 0 where none are known
    took       [event] milliseconds from question to answer, NaN where unknown
    """

    order: Integers
    starts: Integers
    correct: Floats
    clock: Floats
    clocked: bool
    skill: Integers
    skills: tuple[str, ...]
    item: Integers
    items: tuple[str, ...]
    hints: Floats
    took: Floats

    @property
    def events(self) -> int:
        return len(self.order)

    def lengths(self) -> Integers:
        """Responses of every student, [student]."""
        return np.diff(self.starts)

    def student(self) -> Integers:
        """[event]"""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths())

    def positions(self) -> Floats:
        """How many responses the student gave before each, [event]."""
        first = np.repeat(self.starts[:-1], self.lengths())
        return (np.arange(self.events) - first).astype(np.float64)

    def firsts(self) -> Flags:
        """Whether each response is its student's first, [event]."""
        return np.asarray(self.positions() == 0.0)

    def in_table_order(self, values: Floats) -> Floats:
        """Values of every event, put where its row stands in the table."""
        found = np.empty(len(values), dtype=np.float64)
        found[self.order] = values
        return found


def histories_of(events: pd.DataFrame) -> Histories:
    """The histories of a table of responses, by the rules of `sequences_of`.

    Raises `InvalidInput` for what that refuses, and for a table without rows.

    >>> found = histories_of(pd.DataFrame({"student": ["b", "a", "b"], "skill": ["x", "y~~w", "x"],
    ...                                    "correct": [1, 0, 0]}))
    >>> found.order.tolist(), found.skills, found.skill.tolist(), found.clock.tolist()
    ([0, 2, 1], ('w~~y', 'x'), [1, 1, 0], [0.0, 1.0, 0.0])
    """
    sequences = sequences_of(events)
    if not sequences.events:
        raise InvalidInput.at("events", "no rows", "at least one response")
    told = chronology(events)
    order = told.order
    skill = _skill_of(sequences)[order]
    item, items = _items(events, skill, sequences.skills, order)
    seconds = _seconds(events, order)
    found = Histories(
        order=order,
        starts=np.append(told.starts, len(order)).astype(np.int64),
        correct=sequences.correct[order],
        clock=np.zeros(0) if seconds is None else seconds,
        clocked=seconds is not None,
        skill=skill,
        skills=sequences.skills,
        item=item,
        items=items,
        hints=np.nan_to_num(_column(events, "hints", order)),
        took=_column(events, "response_ms", order),
    )
    return found if found.clocked else found._replace(clock=found.positions())


def of_students(histories: Histories, chosen: Sequence[int] | Integers) -> Histories:
    """The histories of some students alone; `order` names rows of the same table."""
    spans = [np.arange(histories.starts[s], histories.starts[s + 1]) for s in chosen]
    kept = np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)
    starts = np.cumsum([0, *map(len, spans)])
    return histories._replace(
        order=histories.order[kept],
        starts=starts.astype(np.int64),
        correct=histories.correct[kept],
        clock=histories.clock[kept],
        skill=histories.skill[kept],
        item=histories.item[kept],
        hints=histories.hints[kept],
        took=histories.took[kept],
    )


def vocabulary(names: Sequence[str]) -> dict[str, int]:
    """Every name with a number of its own, from 1.

    >>> vocabulary(["slope", "ratio"])
    {'slope': 1, 'ratio': 2}
    """
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=UNSEEN + 1)}


def numbered(names: Sequence[str], known: Vocabulary) -> Integers:
    """The number of each name, UNSEEN where it has none."""
    return np.array([known.get(name, UNSEEN) for name in names], dtype=np.int64)


class Occurrences(NamedTuple):
    """Responses once for every single skill they ask for: a row for every (event, skill).

    event  [occurrence] position in the histories, ascending
    skill  [occurrence] numbered by `skills`
    skills the names of single skills
    """

    event: Integers
    skill: Integers
    skills: tuple[str, ...]


def occurrences_of(histories: Histories) -> Occurrences:
    """Every response with each of its single skills.

    >>> table = pd.DataFrame({"student": "a", "skill": ["x~~w", "x"], "correct": 1})
    >>> found = occurrences_of(histories_of(table))
    >>> found.event.tolist(), [found.skills[skill] for skill in found.skill]
    ([0, 0, 1], ['w', 'x', 'x'])
    """
    singles = [name.split(SKILL_SEPARATOR) for name in histories.skills]
    skills = tuple(sorted({one for names in singles for one in names}))
    rank = {name: number for number, name in enumerate(skills)}
    flat = np.array([rank[one] for names in singles for one in names], dtype=np.int64)
    first = np.cumsum([0, *map(len, singles)])
    many = np.diff(first)[histories.skill]
    event = np.repeat(np.arange(histories.events), many)
    within = np.arange(len(event)) - np.repeat(np.cumsum(many) - many, many)
    return Occurrences(event, flat[np.repeat(first[histories.skill], many) + within], skills)


def _skill_of(sequences: Sequences) -> Integers:
    """The skill of every row of the table."""
    skill = np.empty(sequences.events, dtype=np.int64)
    skill[sequences.order] = np.repeat(sequences.skill_of, np.diff(sequences.starts))
    return skill


def _seconds(events: pd.DataFrame, order: Integers) -> Floats | None:
    """The time of every event; None where some have none."""
    if not has_clock(events):
        return None
    seconds = instants_of(events)[order]
    return None if np.isnan(seconds).any() else seconds


def _column(events: pd.DataFrame, name: str, order: Integers) -> Floats:
    """A column of numbers, NaN where it has none."""
    if name not in events:
        return np.full(len(order), np.nan)
    return np.asarray(events[name].to_numpy(dtype=np.float64, na_value=np.nan)[order])


def _items(
    events: pd.DataFrame, skill: Integers, skills: tuple[str, ...], order: Integers
) -> tuple[Integers, tuple[str, ...]]:
    column = next((name for name in ITEM_COLUMNS if name in events), None)
    if column is None:
        return skill, skills
    codes, names = codes_of(events[column])
    return codes[order].astype(np.int64) + 1, (NO_ITEM, *(str(name) for name in names))
