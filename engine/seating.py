"""Seating a class in groups so that a cost is low: a start in serpentine, then pairwise exchange.

Whoever is kept together moves as one unit, and only units of one size change places, so group
sizes never change. Source: the exchange heuristic of Baker & Powell (2002), Methods for assigning
students to groups.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .tier_odds import Floats

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

RESTARTS = 5
LEAST = 1e-12  # an exchange that gains less than this is rounding, and could go round in circles


class Crowd(NamedTuple):
    """Units to be seated, of one student or of some kept together.

    size   [unit] students in it; `fixed` [unit] the group it must sit in, −1 for any
    level  [unit, skill] the sum of its students' standardised levels
    holds  [unit, target] whether somebody in it probably holds the target skill
    cost   [unit, unit] what it costs to seat two in one group: symmetric, 0 on the diagonal
    """

    size: Integers
    fixed: Integers
    level: Floats
    holds: Flags
    cost: Floats


class Weights(NamedTuple):
    """What counts in a group's cost beside the pairs in it: distance from the class, gaps."""

    distance: float
    gaps: float


def seated(crowd: Crowd, sizes: Integers, weights: Weights, orders: Integers) -> Integers:
    """The group of each unit, [unit], of the best of several starts.

    `sizes` [group]; `orders` [start, unit] is the order in which units are placed at each start.
    A unit that finds no room, for it is larger than what is left of every group, has −1.
    """
    found = [
        _exchanged(crowd, _serpentine(crowd, sizes, order), sizes, weights) for order in orders
    ]
    return min(found, key=lambda groups: total_cost(crowd, groups, sizes, weights))


def total_cost(crowd: Crowd, groups: Integers, sizes: Integers, weights: Weights) -> float:
    """The cost of a seating: the sum over its groups."""
    return sum(
        cost_of_group(crowd, np.flatnonzero(groups == group), int(size), weights)
        for group, size in enumerate(sizes)
    )


def group_sizes(students: int, *, groups: int | None = None, size: int | None = None) -> Integers:
    """As many groups as asked for, or of about the size asked for; sizes differ by one at most.

    No group is empty while there are students for it: a class of 2 in 5 groups makes 2.

    >>> group_sizes(10, size=4), group_sizes(2, groups=5), group_sizes(0, groups=3)
    (array([4, 3, 3]), array([1, 1]), array([], dtype=int64))
    """
    if students == 0:
        return np.empty(0, np.int64)
    wanted = groups if groups is not None else -(-students // (size or students))
    count = max(1, min(wanted, students))
    return np.array([students // count + (one < students % count) for one in range(count)])


def _serpentine(crowd: Crowd, sizes: Integers, order: Integers) -> Integers:
    """Fixed units first, larger units next, the rest in order: 1 2 3, 3 2 1, 1 2 3, …"""
    left, groups = sizes.copy(), np.full(len(crowd.size), -1)
    for unit in np.flatnonzero(crowd.fixed >= 0):
        groups[unit] = crowd.fixed[unit]
        left[crowd.fixed[unit]] -= crowd.size[unit]
    turn, count = 0, len(sizes)
    for unit in sorted(order, key=lambda one: -crowd.size[one]):
        if groups[unit] >= 0:
            continue
        for _ in range(2 * count):
            lap, place = divmod(turn, count)
            group = place if lap % 2 == 0 else count - 1 - place
            turn += 1
            if left[group] >= crowd.size[unit]:
                groups[unit] = group
                left[group] -= crowd.size[unit]
                break
    return groups


def cost_of_group(crowd: Crowd, members: Integers, seats: int, weights: Weights) -> float:
    """One group's cost, in full: what `total_cost` sums and exchanges lower."""
    mean = crowd.level[members].sum(axis=0) / max(seats, 1)
    held = crowd.holds[members].any(axis=0)
    lacking = float((~held).mean()) if held.size else 0.0
    pairs = float(crowd.cost[np.ix_(members, members)].sum()) / 2.0
    return float(weights.distance * (mean**2).sum()) + weights.gaps * lacking + pairs


def _exchanged(crowd: Crowd, groups: Integers, sizes: Integers, weights: Weights) -> Integers:
    """Pairs of units change places for as long as that lowers the cost."""
    member = groups[:, None] == np.arange(len(sizes))
    total = member.T.astype(np.float64) @ crowd.level
    holders = member.T.astype(np.int64) @ crowd.holds.astype(np.int64)
    beside = crowd.cost @ member
    movable = (crowd.fixed < 0) & (groups >= 0)
    _exchange(*crowd, groups, sizes, *weights, total, holders, beside, movable)
    return groups


@njit(cache=True)
def _exchange(  # type: ignore[no-untyped-def]
    size, fixed, level, holds, cost, groups, sizes, distance, gaps, total, holders, beside, movable
):
    """`groups`, and with it what is kept of every group, once no exchange gains any more.

    total    [group, skill] the sum of the levels in it; holders [group, target] who holds it there
    beside   [unit, group] what the unit's pairs with everybody in the group cost
    """
    units, better = len(groups), True
    while better:
        better = False
        for one in range(units):
            for other in range(one):
                a, b = groups[one], groups[other]
                if a == b or size[one] != size[other] or not (movable[one] and movable[other]):
                    continue
                gain = beside[one, a] - beside[one, b] + beside[other, b] - beside[other, a]
                gain += 2.0 * cost[one, other]
                gain += _nearer(level, total, sizes, one, other, a, b) * distance
                gain += _filled(holds, holders, one, other, a, b) * gaps
                if gain > LEAST:
                    _swap(level, holds, cost, groups, total, holders, beside, one, other)
                    better = True


@njit(cache=True)
def _nearer(level, total, sizes, one, other, a, b):  # type: ignore[no-untyped-def]
    """By how much the squared distances of two groups fall if two units change places."""
    found = 0.0
    for skill in range(level.shape[1]):
        change = level[other, skill] - level[one, skill]
        now, after = total[a, skill] / sizes[a], (total[a, skill] + change) / sizes[a]
        found += now * now - after * after
        now, after = total[b, skill] / sizes[b], (total[b, skill] - change) / sizes[b]
        found += now * now - after * after
    return found


@njit(cache=True)
def _filled(holds, holders, one, other, a, b):  # type: ignore[no-untyped-def]
    """The share of targets that one more group would cover if two units changed places."""
    targets = holds.shape[1]
    found = 0
    for target in range(targets):
        change = int(holds[other, target]) - int(holds[one, target])
        if change != 0:
            found += int(holders[a, target] + change > 0) - int(holders[a, target] > 0)
            found += int(holders[b, target] - change > 0) - int(holders[b, target] > 0)
    return found / targets if targets > 0 else 0.0


@njit(cache=True)
def _swap(  # type: ignore[no-untyped-def]
    level, holds, cost, groups, total, holders, beside, one, other
):
    a, b = groups[one], groups[other]
    groups[one], groups[other] = b, a
    for skill in range(level.shape[1]):
        change = level[other, skill] - level[one, skill]
        total[a, skill] += change
        total[b, skill] -= change
    for target in range(holds.shape[1]):
        more = int(holds[other, target]) - int(holds[one, target])
        holders[a, target] += more
        holders[b, target] -= more
    for unit in range(len(groups)):
        change = cost[unit, other] - cost[unit, one]
        beside[unit, a] += change
        beside[unit, b] -= change
