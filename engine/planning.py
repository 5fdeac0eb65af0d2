"""What each skill is worth to a student now: the index of working on it, times what it leads to.

    score_k = G(P_k, speed_k · R_k) · A_k          speed_k: the student's own, 1 where unknown

    R_k = Π_j (1 − s_kj (1 − P_j)) · Π_j [P_j < gate ? .1 : 1]       readiness
    r_k = Π_j (1 − s_kj (1 − Q_j)),  φ_k = 1 − exp(−c T_k r_k),  Q_k = P_k + (1 − P_k) φ_k
    A_k = ∂ Σ_i w_i Q_i / ∂ Q_k                                      what holding it leads to

Q_k is the chance of holding the skill after c activities on everything; A_k counts the skill
itself and, through r, all that builds on it: one sweep forward over the graph and one back.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

import numpy as np
from numba import njit

from .indices import read
from .tables import Floats, Integers

GATE = 0.90
"""A prerequisite below this counts as not held; on simulated students gating at .90 was worth one
to four skills a course, and reopening a little below the bar beat waiting for a large fall."""
NOT_HELD = 0.1
"""What is left of a skill's readiness for every prerequisite that is not held."""
GATED_FROM = 0.3
"""An edge that takes less than this bars nothing: the data hardly speak for it."""
PATIENCE = 5.0
"""c: activities that a skill can count on, on the average course."""
LEAST = 1e-12


class Graph(NamedTuple):
    """Who builds on what, skills in course order: the row's prerequisites and their strengths."""

    starts: Integers
    needs: Integers
    strengths: Floats

    @classmethod
    def of(cls, rows: Sequence[Sequence[tuple[int, float]]]) -> Graph:
        """From (prerequisite, strength) of each skill.

        >>> Graph.of([[], [(0, 0.6)]]).starts
        array([0, 0, 1])
        """
        starts = np.cumsum([0, *map(len, rows)])
        edges = [edge for row in rows for edge in row]
        needs = np.array([need for need, _ in edges], dtype=np.int64)
        return cls(starts, needs, np.array([s for _, s in edges], dtype=np.float64))


class Terms(NamedTuple):
    """The factors of every skill's score, as logs, [skill].

    value      log G at the usual speed on a skill whose prerequisites are held
    pace       what the student's own speed adds to it
    readiness  what the prerequisites in doubt take from it
    stakes     log A
    """

    value: Floats
    pace: Floats
    readiness: Floats
    stakes: Floats


@njit(cache=True)
def readiness(mastery: Floats, graph: Graph, skill: int, gate: float) -> float:
    """The share of full speed at which a skill would be learnt now, gate and all.

    >>> chain = Graph.of([[], [(0, 0.6)]])
    >>> readiness(np.array([1.0, 0.0]), chain, 1, 0.9)
    1.0
    >>> round(readiness(np.array([0.5, 0.0]), chain, 1, 0.9), 3)
    0.07
    """
    found = 1.0
    for edge in range(graph.starts[skill], graph.starts[skill + 1]):
        held = mastery[graph.needs[edge]]
        found *= 1.0 - graph.strengths[edge] * (1.0 - held)
        if held < gate and graph.strengths[edge] >= GATED_FROM:
            found *= NOT_HELD
    return found


@njit(cache=True)
def stakes(
    mastery: Floats, rates: Floats, graph: Graph, weights: Floats, patience: float = PATIENCE
) -> Floats:
    """A: what another chance of holding each skill adds to everything wanted, [skill].

    `rates` is P(its best activity teaches), `weights` how much each skill is wanted.

    >>> chain = Graph.of([[], [(0, 1.0)]])
    >>> stakes(np.zeros(2), np.array([0.2, 0.2]), chain, np.ones(2)).round(3)
    array([1.531, 1.   ])
    """
    n = len(mastery)
    reached, slopes, ready = np.empty(n), np.empty(n), np.empty(n)
    for k in range(n):
        ready[k] = 1.0
        for edge in range(graph.starts[k], graph.starts[k + 1]):
            ready[k] *= 1.0 - graph.strengths[edge] * (1.0 - reached[graph.needs[edge]])
        left = exp(-patience * rates[k] * ready[k])
        reached[k] = mastery[k] + (1.0 - mastery[k]) * (1.0 - left)
        slopes[k] = (1.0 - mastery[k]) * patience * rates[k] * left * ready[k]
    found = weights.copy()
    for k in range(n - 1, -1, -1):
        passed = found[k] * slopes[k]
        for edge in range(graph.starts[k], graph.starts[k + 1]):
            need, strength = graph.needs[edge], graph.strengths[edge]
            found[need] += passed * strength / max(1.0 - strength * (1.0 - reached[need]), 1e-3)
    return found


@njit(cache=True)
def skill_terms(
    mastery: Floats,
    speed: Floats,
    rates: Floats,
    tables: Floats,
    graph: Graph,
    weights: Floats,
    gate: float,
    patience: float = PATIENCE,
) -> Terms:
    """The factors of every skill's score; `tables` is log G, [skill, speed, mastery].

    A skill that nobody wants (weight 0, and leading to nothing wanted) has log A of −27.
    """
    n = len(mastery)
    value, pace, ready = np.empty(n), np.empty(n), np.empty(n)
    for k in range(n):
        p = min(max(mastery[k], LEAST), 1.0 - LEAST)
        at = log(p / (1.0 - p))
        value[k] = read(tables[k], at, 1.0)
        own = value[k] if speed[k] == 1.0 else read(tables[k], at, speed[k])
        pace[k] = own - value[k]
        share = readiness(mastery, graph, k, gate)
        ready[k] = 0.0 if share == 1.0 else read(tables[k], at, speed[k] * share) - own
    led = stakes(mastery, rates, graph, weights, patience)
    return Terms(value, pace, ready, np.log(np.maximum(led, LEAST)))
