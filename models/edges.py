"""What a school's own log says of the prerequisites that its curriculum lists.

Skills are followed as `models.teaching` does, each by one rate of learning, and every edge has a
posterior shrunk towards what the curriculum says. Only answers on single skills count, and only
skills on an edge; an answer that is right in part counts as right from more than half.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.curriculum import Curriculum
from engine.tables import Floats, Integers
from engine.tiring import Tiring

from .prerequisites import Edge
from .sequences import chronology
from .teaching import Catalogue, Log, fit_teaching

LONGEST = 1_000
"""Answers of a student that count, the first ones: what comes later tells little of learning."""
MOST_CELLS = 30_000_000
"""Answers times skills that are weighed at once (240 MB an array); beyond, fewer students."""
ENOUGH_CHANCES = 3.0
"""Learnings at full speed that lacking the prerequisite must have met before decisions take the
strength from the log and no longer the usual one. Judgement."""


class LearntEdge(NamedTuple):
    """A listed prerequisite by name, and what the log says of it."""

    skill: str
    needs: str
    found: Edge

    @property
    def suffices(self) -> bool:
        """Whether the log says enough for decisions to go by it."""
        return self.found.chances >= ENOUGH_CHANCES

    @property
    def contradicted(self) -> bool:
        """Enough was seen, and lacking the prerequisite takes nothing away."""
        return self.suffices and self.found.contradicted


class LearntCourse(NamedTuple):
    """The edges of a course, and how much its skills tire."""

    edges: tuple[LearntEdge, ...]
    tiring: Tiring


def learn_course(events: pd.DataFrame, curriculum: Curriculum) -> LearntCourse:
    """Every listed edge of which both skills were answered, in course order; and, by the answers on
    these skills, how much less is learnt of a skill that was just worked on.

    `events` has student, skill, correct and perhaps time or order, as for a fit.
    """
    skills, listed = _listed(curriculum, set(events["skill"].unique()))
    if not skills:
        return LearntCourse((), Tiring())
    rows = {skill: row for row, skill in enumerate(skills)}
    log = _log(events[events["skill"].isin(rows)].reset_index(drop=True), rows)
    each, one_unit = np.arange(len(skills)), np.zeros(len(skills), dtype=np.int64)
    found = fit_teaching(log, Catalogue(each, one_unit, listed, one_unit))
    edges = (LearntEdge(skills[e.skill], skills[e.needs], e) for e in found.edges)
    return LearntCourse(tuple(edges), found.tiring)


def learn_edges(events: pd.DataFrame, curriculum: Curriculum) -> tuple[LearntEdge, ...]:
    """The edges of `learn_course` alone."""
    return learn_course(events, curriculum).edges


def strengths_of(edges: Iterable[LearntEdge]) -> dict[str, dict[str, float]]:
    """Skill → prerequisite → strength, of the edges of which the log says enough."""
    found: dict[str, dict[str, float]] = {}
    for edge in edges:
        if edge.suffices:
            found.setdefault(edge.skill, {})[edge.needs] = edge.found.strength
    return found


def _listed(
    curriculum: Curriculum, answered: set[str]
) -> tuple[tuple[str, ...], np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """The skills on an edge between answered skills, in course order, and [skill, skill] edges."""
    edges = [
        (skill.id, need)
        for skill in curriculum.skills.values()
        for need in skill.prerequisites
        if skill.id in answered and need in answered
    ]
    touched = {skill for edge in edges for skill in edge}
    skills = tuple(skill for skill in curriculum.skills if skill in touched)
    rows = {skill: row for row, skill in enumerate(skills)}
    listed = np.zeros((len(skills), len(skills)), dtype=bool)
    for skill, need in edges:
        listed[rows[skill], rows[need]] = True
    return skills, listed


def _log(events: pd.DataFrame, rows: dict[str, int]) -> Log:
    """[student, step], as many students as fit, spread evenly over those there are."""
    told = chronology(events)
    ends = np.append(told.starts[1:], len(told.order))
    lengths = np.minimum(ends - told.starts, LONGEST)
    every = int(np.ceil(lengths.sum() * len(rows) / MOST_CELLS))
    kept = slice(None, None, max(every, 1))
    return _laid(events, rows, told.order, told.starts[kept], lengths[kept])


def _laid(
    events: pd.DataFrame,
    rows: dict[str, int],
    order: Integers,
    starts: Integers,
    lengths: Integers,
) -> Log:
    skill = events["skill"].map(rows).to_numpy(dtype=np.int64)
    correct: Floats = events["correct"].to_numpy(dtype=np.float64)
    shape = len(starts), int(lengths.max())
    log = Log(np.full(shape, -1), np.full(shape, np.nan))
    for student, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        at = order[start : start + length]
        log.activities[student, :length] = skill[at]
        log.correct[student, :length] = correct[at]
    return log
