"""Trellis's own rules in a simulated class: the engine's index, worked out for every student."""

from __future__ import annotations

import numpy as np
from numba import njit

from data.worlds.course import Bools, Floats, Integers
from engine.indices import read
from engine.planning import GATE, PATIENCE, Graph, skill_terms
from models.following import Follower, Spread, Standing

from .baselines import taught, within
from .situations import Situation

EXPLORE = 0.10
LEAST = 1e-12


class Index:
    """The index rule on beliefs of knowledge tracing, students alike; `Auto` adds the rest."""

    explore, gate, patience = EXPLORE, GATE, PATIENCE

    def __init__(self) -> None:
        self._follower: Follower | None = None

    def __call__(self, situation: Situation) -> Integers:
        """The best activity of the skill with the highest score, or sometimes its second."""
        standing = self.standing(situation)
        if situation.step == 0:
            self._arrange(situation)
        return _choose(
            standing.mastery,
            standing.speed,
            situation.candidates,
            situation.last,
            situation.draws,
            self._rates,
            self._index,
            self._worth,
            self._graph,
            np.ones(situation.course.skills),
            situation.course.skill_of,
            self.gate,
            self.patience,
            self.explore,
        )

    def _arrange(self, situation: Situation) -> None:
        tables = situation.fitted.tables
        teaching, course = situation.fitted.ladder, situation.course
        self._index = np.stack([table.indices for table in tables])
        self._worth = np.empty((course.activities, *self._index.shape[1:]))
        for on, table in zip(course.on_skill, tables, strict=True):
            self._worth[on] = table.worth
        self._rates = np.array([teaching.ladder.teach[on].max() for on in course.on_skill])
        self._graph = graph_of(teaching.needs)

    def spread(self, situation: Situation) -> Spread:
        return Spread()

    def standing(self, situation: Situation) -> Standing:
        """What is believed now."""
        if self._follower is None or situation.step == 0:
            self._follower = Follower(
                situation.fitted.ladder,
                situation.course.skill_of,
                students=situation.students,
                spread=self.spread(situation),
            )
        else:
            self._follower.observe(situation.last, situation.correct)
        return self._follower.standing()


class Individual(Index):
    """The index rule with as much difference between students as the log speaks for."""

    def spread(self, situation: Situation) -> Spread:
        return situation.fitted.spread


class Careful:
    """The rule for when data are few or no model fits: the first skill below .98, its best
    activity; beliefs of students with their own speeds and starts."""

    bar = 0.98

    def __init__(self) -> None:
        self._beliefs = Individual()

    def __call__(self, situation: Situation) -> Integers:
        mastery = self._beliefs.standing(situation).mastery
        skill = np.argmax(mastery < self.bar, axis=1)
        return within(situation, skill, taught(situation))


class Auto:
    """The rule as it stands: the index, or the careful rule where answers tell less than the model
    thinks, for then it is not to be trusted with a plan."""

    def __init__(self) -> None:
        self._index, self._careful = Individual(), Careful()

    def __call__(self, situation: Situation) -> Integers:
        fits = situation.fitted.spread.trust >= 1.0
        return self._index(situation) if fits else self._careful(situation)


def graph_of(needs: Floats) -> Graph:
    """The strengths [skill, skill] as a graph."""
    return Graph.of([[(int(j), row[j]) for j in np.flatnonzero(row)] for row in needs])


@njit(cache=True)
def _choose(
    mastery: Floats,
    speed: Floats,
    candidates: Bools,
    last: Integers,
    draws: Floats,
    rates: Floats,
    index: Floats,
    worth: Floats,
    graph: Graph,
    weights: Floats,
    skill_of: Integers,
    gate: float,
    patience: float,
    explore: float,
) -> Integers:
    students, found = len(mastery), np.zeros(len(mastery), dtype=np.int64)
    for s in range(students):
        terms = skill_terms(mastery[s], speed[s], rates, index, graph, weights, gate, patience)
        score = terms.value + terms.pace + terms.readiness + terms.stakes
        skill = int(np.argmax(score))
        p = min(max(mastery[s, skill], LEAST), 1.0 - LEAST)
        at, pace = np.log(p / (1.0 - p)), speed[s, skill] * np.exp(terms.readiness[skill])
        first, second = -1, -1
        top, next_best = -np.inf, -np.inf
        for a in range(len(skill_of)):
            if skill_of[a] != skill or not candidates[s, a] or a == last[s]:
                continue
            value = read(worth[a], at, pace)
            if value > top:
                second, next_best = first, top
                first, top = a, value
            elif value > next_best:
                second, next_best = a, value
        found[s] = first
        if second >= 0 and draws[s, 0] < explore and draws[s, 1] < 0.5:
            found[s] = second
    return found
