"""From histories to the features of a logistic model: named families of weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers


class Family(NamedTuple):
    """Weights of one kind: `width` of them for every key.

    keys     how many keys there are (items, skills, … or 1 where all share)
    width    weights of each key
    penalty  of each weight: the precision of a Gaussian around 0
    """

    keys: int
    width: int
    penalty: float

    @property
    def size(self) -> int:
        return self.keys * self.width


class Part(NamedTuple):
    """What a family says of some events: a key and `width` numbers for each entry.

    event   [entry]
    key     [entry]
    values  [entry, width]
    """

    event: Integers
    key: Integers
    values: Floats


class Design(NamedTuple):
    """Features of events, family by family, and the same as a sparse matrix, event by event.

    start           [event + 1] where each event's entries begin
    feature, value  [entry] of the matrix
    """

    families: tuple[Family, ...]
    parts: tuple[Part, ...]
    start: Integers
    feature: Integers
    value: Floats

    @property
    def width(self) -> int:
        return sum(family.size for family in self.families)

    def penalties(self) -> Floats:
        """The penalty of every weight, [feature]."""
        return np.concatenate([np.full(one.size, one.penalty) for one in self.families])


def designed(families: Mapping[str, Family], parts: Mapping[str, Part], *, events: int) -> Design:
    """The features of every event, the families one after the other.

    >>> families = {"one": Family(1, 1, 0.1), "two": Family(3, 2, 1.0)}
    >>> ones = Part(np.arange(2), np.zeros(2, dtype=np.int64), np.ones((2, 1)))
    >>> pair = Part(np.array([1]), np.array([2]), np.array([[5.0, 6.0]]))
    >>> found = designed(families, {"one": ones, "two": pair}, events=2)
    >>> found.start.tolist(), found.feature.tolist(), found.value.tolist()
    ([0, 1, 4], [0, 0, 5, 6], [1.0, 1.0, 5.0, 6.0])
    """
    ordered = tuple(parts[name] for name in families)
    offsets = np.cumsum([0, *(family.size for family in families.values())])
    counts = np.zeros(events + 1, dtype=np.int64)
    for part in ordered:
        entries = np.bincount(part.event, minlength=events)
        counts[1:] += entries * part.values.shape[1]
    start = np.cumsum(counts)
    feature, value = np.empty(start[-1], dtype=np.int64), np.empty(start[-1])
    place = start[:-1].copy()
    for part, offset in zip(ordered, offsets[:-1].tolist(), strict=True):
        _written(feature, value, place, part.event, part.key, part.values, offset)
    return Design(tuple(families.values()), ordered, start, feature, value)


def everywhere(columns: Sequence[Floats]) -> Part:
    """A part of one shared key that says something of every event.

    >>> everywhere([np.ones(2), np.zeros((2, 3))]).values.shape
    (2, 4)
    """
    values = np.column_stack(columns)
    return Part(np.arange(len(values)), np.zeros(len(values), dtype=np.int64), values)


def present(event: Integers, key: Integers) -> Part:
    """A part that says 1 of each entry's key."""
    return Part(event, key, np.ones((len(event), 1)))


@njit(cache=True)
def _written(
    feature: Integers,
    value: Floats,
    place: Integers,
    event: Integers,
    key: Integers,
    values: Floats,
    offset: int,
) -> None:
    """One part's entries, each put behind what its event already has."""
    width = values.shape[1]
    for i in range(len(event)):
        at = place[event[i]]
        for j in range(width):
            feature[at + j] = offset + key[i] * width + j
            value[at + j] = values[i, j]
        place[event[i]] = at + width
