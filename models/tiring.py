"""Whether a log says that skills tire, how much and for how long (`engine.tiring`).

Those who need many activities on a skill are slower at it, tired or not. So loads are compared
among opportunities of the same number only: the fifth on a skill with the fifth of somebody else.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from engine.tables import Floats, Integers
from engine.tiring import Memory, Tiring, worked

RATES = np.array([0.02, 0.03, 0.05, 0.07, 0.09, 0.12, 0.15, 0.18, 0.22, 0.27, 0.33, 0.4])
NUMBERED = 12
"""Opportunities on a skill from here on count as the same number."""
SELDOM = 6.0
"""Nats that the log must speak for tiring before any is believed: in simulated schools where
nothing tires expected counts reach 5, where a skill tires 9 and far more."""


MEMORIES = (Memory(0.0, 1.0), Memory(0.0, 8.0), Memory(0.5, 8.0), Memory(0.8, 8.0))


@njit(cache=True)
def loads(places: Integers, skill: Integers, skills: int, memory: Memory) -> Floats:
    """The load of each event's skill before it; `places` [student, step]: the event, or −1."""
    found = np.zeros(len(skill))
    for student in range(len(places)):
        load = np.zeros(skills)
        for event in places[student]:
            if event >= 0:
                found[event] = load[skill[event]]
                worked(load, skill[event], memory)
    return found


def tiring(lifted: Floats, expected: Floats, number: Integers, by_memory: list[Floats]) -> Tiring:
    """The tiring under which learning is likeliest; none where little speaks for it.

    By event: P(learnt), the expected times of learning of somebody rested, the number of the
    opportunity on its skill, and the load for each of `MEMORIES`. Given how much was learnt at each
    number, how it falls on the loads is multinomial.

    >>> load, number = np.tile([0.0, 4.0], 500), np.zeros(1000, dtype=np.int64)
    >>> tiring(np.exp(-0.2 * load), np.ones(1000), number, [load] * 4).rate > 0.1
    True
    >>> tiring(np.ones(1000), np.ones(1000), number, [load] * 4).rate
    0.0
    """
    number = np.minimum(number, NUMBERED)
    best, most = Tiring(), SELDOM
    for memory, load in zip(MEMORIES, by_memory, strict=True):
        none = _likely(lifted, expected, number, load, 0.0)
        for rate in RATES / min(memory.most, 2.0) * 2.0:
            gained = _likely(lifted, expected, number, load, rate) - none
            if gained > most:
                best, most = Tiring(float(rate), memory), gained
    return best


def _likely(lifted: Floats, expected: Floats, number: Integers, load: Floats, rate: float) -> float:
    rested = expected * np.exp(-rate * load)
    total = np.bincount(number, rested, NUMBERED + 1)
    share = np.maximum(total, 1e-12)[number]
    return float((lifted * (-rate * load - np.log(share))).sum())
