"""How much less an activity teaches when its skill was just worked on, and for how long.

Working on a skill loads it: each activity adds one, up to a most, and each activity on something
else leaves a share of the load. A loaded skill is learnt exp(−rate × load) times as fast. With
nothing kept, the load is how often in a row the skill was worked on (with a most of one: whether it
was worked on just now); with much kept it is how often lately. `models.tiring` learns it from logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .responses import Response
from .tables import Floats

RESTED = timedelta(hours=4)
"""After so long nothing is tired any more. Judgement: a morning's work is over by the evening."""


class Memory(NamedTuple):
    """What is left of a load after an activity on something else, and how high it can be."""

    keeps: float
    most: float


class Tiring(NamedTuple):
    """By how much (log) a load slows learning, and how it comes and goes."""

    rate: float = 0.0
    memory: Memory = Memory(0.0, 1.0)

    @classmethod
    def of(cls, fact: Mapping[str, Any]) -> Tiring:
        """From what a model says of itself; none where it says nothing.

        >>> Tiring.of({"rate": 0.2, "keeps": 0.5, "most": 8.0}).memory
        Memory(keeps=0.5, most=8.0)
        >>> Tiring.of({}).rate
        0.0
        """
        if not fact:
            return cls()
        return cls(float(fact["rate"]), Memory(float(fact["keeps"]), float(fact["most"])))

    def as_fact(self) -> dict[str, float]:
        """What `of` reads."""
        return {"rate": self.rate, "keeps": self.memory.keeps, "most": self.memory.most}


@njit(cache=True)
def worked(load: Floats, on: int, memory: Memory) -> None:
    """`load` [skill] after an activity on one of the skills.

    >>> load = np.array([3.0, 0.0])
    >>> worked(load, 1, Memory(0.5, 8.0))
    >>> load
    array([1.5, 1. ])
    """
    for skill in range(len(load)):
        if skill == on:
            load[skill] = min(load[skill] + 1.0, memory.most)
        else:
            load[skill] *= memory.keeps


def loads_now(
    history: Sequence[Response], rows: Mapping[str, int], memory: Memory, now: datetime | None
) -> Floats:
    """The load of each skill once all was answered, [skill]; a pause of `RESTED` takes it away.

    Only answers on one skill of the course count.
    """
    load = np.zeros(len(rows))
    last: datetime | None = None
    for response in sorted(history, key=lambda one: (one.occurred_at, one.id)):
        if last is not None and response.occurred_at - last >= RESTED:
            load[:] = 0.0
        last = response.occurred_at
        worked(load, rows.get(response.skill, -1), memory)
    if last is not None and now is not None and now - last >= RESTED:
        load[:] = 0.0
    return load
