"""From a table of responses to what the hierarchical model reads of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.contexts import LAG, TIME
from engine.effects import Situations, situations_of
from engine.hierarchy import parts_of
from engine.history import History, Parts, past_of
from engine.pairs import pairs_of
from engine.tables import Floats, Integers
from engine.touches import APART, Combining, Touches, touches_of, with_singles

from ..coding import codes_of
from ..layout import ITEM_COLUMNS, has_clock
from ..sequences import chronology, instants_of, sequences_of
from .chains import Chains

NO_ITEM = -1


@dataclass(frozen=True)
class Laid:
    """Responses of many students, laid out for the filter and for the fit.

    skills, items  names; `situations` and `history` count in their order
    pairs          [pair, 3] the skill just before, the skill, and whether the one before was right
    touches        the skills that each response touches, in the order of `history`
    order          [event] rows of the table in the order of `history`
    history        in time order, student after student, as the filter follows them
    situations     what the rates of each response depend on, touch after touch in that order
    by_chain       [touch] places in `touches`, a student's touches of one skill lying together
    chains         the same touches in that order, as the fit counts them
    """

    skills: tuple[str, ...]
    items: tuple[str, ...]
    parts: Parts
    pairs: Integers
    touches: Touches
    order: Integers
    history: History
    situations: Situations
    by_chain: Integers
    chains: Chains

    @property
    def chained(self) -> Situations:
        """The situations in the order of the chains."""
        return self.situations.at(self.by_chain)

    @property
    def students(self) -> int:
        return len(self.history.starts) - 1


def gaps_of(events: pd.DataFrame) -> str:
    """How gaps are counted: by the clock if every response has a time, else by answers between."""
    timed = has_clock(events) and bool(events["time"].notna().all())
    return TIME if timed else LAG


def laid_out(
    events: pd.DataFrame,
    *,
    average: float,
    gaps: str,
    items: bool = True,
    combining: Combining = APART,
) -> Laid:
    """The layout of a table. Raises `InvalidInput` for missing columns and unusable values.

    >>> table = pd.DataFrame({"student": ["b", "a", "b"], "skill": ["y", "x", "x"],
    ...                       "correct": [1, 0, 1]})
    >>> found = laid_out(table, average=0.5, gaps="lag")
    >>> found.order, found.history.starts, found.chains.starts
    (array([0, 2, 1]), array([0, 2, 3]), array([0, 1, 2, 3]))
    """
    sequences = sequences_of(events)
    when = chronology(events)
    skill = np.empty(sequences.events, dtype=np.int64)
    skill[sequences.order] = np.repeat(sequences.skill_of, np.diff(sequences.starts))
    item, names = _items(events) if items else _no_items(events)
    seconds = instants_of(events) if gaps == TIME else np.full(len(events), np.nan)
    order, starts = when.order, np.append(when.starts, sequences.events)
    history = History(starts, skill[order], item[order], sequences.correct[order], seconds[order])
    skills = sequences.skills if combining.apart else with_singles(sequences.skills)
    touches = touches_of(starts, history.skill, skills, combining)
    parts = parts_of(skills)
    past = past_of(history, parts, average, touches)
    pairs, pair = pairs_of(history)
    situations = situations_of(
        history, past, gaps, items=len(names), pair=pair, pairs=len(pairs), touches=touches
    )
    by_chain, chains = chained(touches, history.correct)
    return Laid(skills, names, parts, pairs, touches, order, history, situations, by_chain, chains)


def _items(events: pd.DataFrame) -> tuple[Integers, tuple[str, ...]]:
    """The number of each response's item, and the items' names; none where no column has them."""
    column = next((events[name] for name in ITEM_COLUMNS if name in events), None)
    if column is None:
        return _no_items(events)
    codes, names = codes_of(column)
    return codes.astype(np.int64), tuple(str(name) for name in names)


def _no_items(events: pd.DataFrame) -> tuple[Integers, tuple[Any, ...]]:
    return np.full(len(events), NO_ITEM), ()


def chained(touches: Touches, correct: Floats) -> tuple[Integers, Chains]:
    """Where the touches of each skill by each student lie, and the chains that they form."""
    size, student = len(touches.skill), _student_of(touches)
    by_chain = np.lexsort((np.arange(size), touches.skill, student))
    skill, whose = touches.skill[by_chain], student[by_chain]
    begins = np.ones(size, dtype=np.bool_)
    begins[1:] = (np.diff(skill) != 0) | (np.diff(whose) != 0)
    starts = np.flatnonzero(begins)
    students = np.searchsorted(whose[starts], np.arange(len(touches.students)))
    place = np.empty(size, dtype=np.int64)
    place[by_chain] = np.arange(size)
    chain = (np.cumsum(begins) - 1)[place]
    opens = np.zeros(size, dtype=np.bool_)
    opens[touches.lead] = True
    chains = Chains(
        students=students.astype(np.int64),
        starts=np.append(starts, size).astype(np.int64),
        correct=correct[touches.response][by_chain],
        skill=skill[starts],
        share=touches.share[by_chain],
        visits=place - touches.responses[touches.students[student]],
        whose=chain - students[student],
        opens=opens,
        all_needed=touches.all_needed,
    )
    return by_chain, chains


def _student_of(touches: Touches) -> Integers:
    """The student of every touch, [touch]."""
    sizes = np.diff(touches.responses[touches.students])
    return np.repeat(np.arange(len(sizes)), sizes)
