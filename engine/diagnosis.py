"""What a diagnosis believes: P(held) of skills once what builds on what has had its say.

A belief about a skill rests on the answers on it alone. A diagnosis weighs sets of skills
(`engine.placement`): an answer also speaks for what the skill builds on, and for what builds on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .placement import Placement, begin
from .planning import Graph
from .tables import Floats

MOST_WEIGHED = 40
"""Skills that are weighed together; of a larger scope, the first that too little is known of."""
EDGE = 1e-6
"""A probability of 0 or 1 is taken this far inside, so that answers can still speak against it."""


class Known(NamedTuple):
    """What a skill builds on, P(held) before its answers, and P(held) by them."""

    needs: tuple[str, ...]
    before: float
    after: float


def held_over_graph(skills: Mapping[str, Known]) -> dict[str, float]:
    """P(held) of each skill, prerequisites first, by all answers together.

    Before answers a skill is held with its P where all it builds on is held, and hardly without;
    answers count by how far they moved the odds of their skill.

    >>> nothing_known = {"add": Known((), 0.5, 0.5), "times": Known(("add",), 0.5, 0.5)}
    >>> {skill: round(p, 3) for skill, p in held_over_graph(nothing_known).items()}
    {'add': 0.5, 'times': 0.275}
    >>> right = nothing_known | {"times": Known(("add",), 0.5, 0.9)}
    >>> {skill: round(p, 2) for skill, p in held_over_graph(right).items()}
    {'add': 0.78, 'times': 0.77}
    """
    if not skills:
        return {}
    rows = {skill: row for row, skill in enumerate(skills)}
    graph = Graph.of([[(rows[n], 1.0) for n in one.needs if n in rows] for one in skills.values()])
    start = begin(graph, _inside([one.before for one in skills.values()]))
    moved = _log_odds([one.after for one in skills.values()]) - _log_odds(
        [one.before for one in skills.values()]
    )
    held = _answered(start, moved).held
    return dict(zip(skills, map(float, np.clip(held, 0.0, 1.0)), strict=True))


def _answered(start: Placement, moved: Floats) -> Placement:
    """The sets once their skills' answers count: `moved` [skill] in log-odds."""
    weighed = np.log(start.weights) + start.sets @ moved
    weights = np.exp(weighed - weighed.max())
    return Placement(start.sets, weights / weights.sum())


def _inside(p: Sequence[float]) -> Floats:
    return np.asarray(np.clip(np.array(p, dtype=np.float64), EDGE, 1.0 - EDGE))


def _log_odds(p: Sequence[float]) -> Floats:
    inside = _inside(p)
    return np.asarray(np.log(inside) - np.log1p(-inside))
