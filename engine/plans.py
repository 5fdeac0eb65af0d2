"""A plan of a course under a model: all that decisions about any student read, worked out once.

Which rule is in force is part of the plan. The index rule trusts the model, so it needs one that
rests on enough students and fits their answers; otherwise the careful rule decides, which needs
no more than the order of the course.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from .bundle import Bundle
from .curriculum import Activity, Curriculum
from .explanation import Code, Count, Reason, note
from .indices import IndexTable, Shelf, index_table
from .parameters import GUESS, LEARN, SLIP, SkillEstimate
from .planning import Graph
from .tables import Floats

ENOUGH_STUDENTS = 300
"""Students from whose answers on the index rule beats the careful one on simulated schools."""
MISFIT = 0.01
"""Nats per answer by which another kind of model may predict better before the index rule, which
trusts its own, is not followed."""
STRENGTH = 0.6
"""What a missing prerequisite takes from learning, before data say otherwise."""
KEPT_TABLES, KEPT_PLANS = 20_000, 8
INDEX, CAREFUL = "index-2", "careful-2"


@dataclass(frozen=True, eq=False)
class Plan:
    """The course as arrays, skills in course order.

    rows     skill → its number
    graph    who builds on what, and how strongly
    rates    [skill] how often its best activity teaches
    tables   [skill, speed, mastery] log of the index
    worth    skill → activity → log worth [speed, mastery], for skills whose activities the model
             tells apart
             (rates, tables and worth only where the index rule is in force)
    rule     the name and version of the rule in force
    why      in a sentence
    """

    rows: Mapping[str, int]
    graph: Graph
    rates: Floats
    tables: Floats
    worth: Mapping[str, Mapping[str, Floats]]
    rule: str
    why: Reason

    @property
    def follows_index(self) -> bool:
        return self.rule == INDEX


def plan_of(curriculum: Curriculum, bundle: Bundle) -> Plan:
    """The plan of a course under a model, worked out at the first decision and kept."""
    kept = bundle.plans.get(id(curriculum))
    if kept is None or kept[0] is not curriculum:
        if len(bundle.plans) >= KEPT_PLANS:
            bundle.plans.clear()
        kept = bundle.plans[id(curriculum)] = curriculum, _plan(curriculum, bundle)
    return kept[1]


def rule_in_force(facts: Mapping[str, Any]) -> tuple[str, Reason]:
    """The rule that a model's own report allows, and why.

    >>> rule_in_force({"students": 1200})[0], rule_in_force({"students": 84})[0]
    ('index-2', 'careful-2')
    >>> rule_in_force({"students": 1200, "log_loss": 0.55, "rival_log_loss": 0.52})[1].code
    'rule_misfit'
    """
    students = int(facts.get("students", 0))
    worse = float(facts.get("log_loss", 0.0)) - float(facts.get("rival_log_loss", 0.0))
    shown = {"students": Count(students), "least": ENOUGH_STUDENTS, "worse": worse}
    if students < ENOUGH_STUDENTS:
        return CAREFUL, note(Code.RULE_FEW, shown)
    if worse > MISFIT:
        return CAREFUL, note(Code.RULE_MISFIT, shown)
    return INDEX, note(Code.RULE_INDEX, shown)


def _plan(curriculum: Curriculum, bundle: Bundle) -> Plan:
    rows = {skill: row for row, skill in enumerate(curriculum.skills)}
    rule, why = rule_in_force(bundle.facts)
    graph, none = _graph(curriculum, bundle, rows), np.zeros(0)
    if rule != INDEX:
        return Plan(rows, graph, none, none, {}, rule, why)
    shelves = {skill: _shelf(curriculum, bundle, skill) for skill in rows}
    tables = [_table(tuple(dict.fromkeys(shelf))) for shelf in shelves.values()]
    return Plan(
        rows=rows,
        graph=graph,
        rates=np.array([max((teach for teach, *_ in s), default=0.0) for s in shelves.values()]),
        tables=np.array([table.indices for table in tables]),
        worth={
            skill: _worth(curriculum.activities_for(skill), shelves[skill], table)
            for skill, table in zip(rows, tables, strict=True)
            if bundle.estimate(skill)[0].learns
        },
        rule=rule,
        why=why,
    )


def _graph(curriculum: Curriculum, bundle: Bundle, rows: Mapping[str, int]) -> Graph:
    """The curriculum's edges with the strengths that the model learnt, where it did."""
    learnt: Mapping[str, Mapping[str, float]] = bundle.facts.get("strengths", {})
    return Graph.of(
        [
            [
                (rows[need], float(learnt.get(skill.id, {}).get(need, STRENGTH)))
                for need in dict.fromkeys(skill.prerequisites)
            ]
            for skill in curriculum.skills.values()
        ]
    )


Row = tuple[float, float, float, bool]


def _shelf(curriculum: Curriculum, bundle: Bundle, skill: str) -> tuple[Row, ...]:
    """What the model says of each activity on a skill: teaches, guess, slip, asks."""
    estimate = bundle.estimate(skill)[0]
    return tuple(
        (
            _teaches(estimate, activity),
            *_noise(estimate, activity.items),
            curriculum.asks_about(activity, skill),
        )
        for activity in curriculum.activities_for(skill)
    )


def teaches(bundle: Bundle, skill: str, activity: Activity) -> float:
    """P(one opportunity at the activity teaches the skill), as far as the model can tell."""
    return _teaches(bundle.estimate(skill)[0], activity)


def _teaches(estimate: SkillEstimate, activity: Activity) -> float:
    own = estimate.own(LEARN, activity.id)
    return estimate.parameters.learn if own is None else own


def _noise(estimate: SkillEstimate, items: Iterable[str]) -> tuple[float, float]:
    """Guess and slip, the mean over the activity's questions."""
    known = [
        (guess, slip)
        for item in items
        if (guess := estimate.own(GUESS, item)) is not None
        and (slip := estimate.own(SLIP, item)) is not None
    ]
    if not known:
        return estimate.parameters.guess, estimate.parameters.slip
    return sum(g for g, _ in known) / len(known), sum(s for _, s in known) / len(known)


@lru_cache(maxsize=KEPT_TABLES)
def _table(shelf: tuple[Row, ...]) -> IndexTable:
    """Skills with the same activities share a table; so does a course before and after an edit."""
    return index_table(Shelf.of(shelf))


def _worth(
    activities: Iterable[Activity], shelf: tuple[Row, ...], table: IndexTable
) -> Mapping[str, Floats]:
    place = {row: number for number, row in enumerate(dict.fromkeys(shelf))}
    return {one.id: table.worth[place[row]] for one, row in zip(activities, shelf, strict=True)}
