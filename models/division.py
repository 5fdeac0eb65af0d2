"""How the counting of many sequences is divided among threads, the same whatever their number."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.tables import Indexed, Integers

BLOCK_EVENTS = 5_000
MOST_BLOCKS = 32
"""A thread counts a block of at least so many events at a time, and there are about so many blocks
at most, of skills that share no row. Blocks, and so the sums, are the same for any number of
threads."""


class Division(NamedTuple):
    """How the counting is divided.

    group_starts  [group + 1] sequences that share one ability
    block_starts  [block + 1] groups that are counted by one thread
    slot          [block] the copy of a shared table that a block counts into; blocks of the same
                  slot share no row
    shared        [table] whether any row is read by blocks of different slots
    """

    group_starts: Integers
    block_starts: Integers
    slot: Integers
    shared: Integers


def divided(indexed: Indexed, group_starts: Integers, owner: Integers | None = None) -> Division:
    """Blocks of sequences that lie together.

    With `owner`, [group], blocks end where the owner (a skill) changes, and owners share no row.
    """
    event_starts = indexed.starts[group_starts]
    groups = len(group_starts) - 1
    owners = np.zeros(groups, dtype=np.int64) if owner is None else owner
    within = event_starts[:-1] - event_starts[np.searchsorted(owners, owners)]
    part = np.stack([owners, within // max(BLOCK_EVENTS, len(indexed.correct) // MOST_BLOCKS)])
    cuts = np.flatnonzero((np.diff(part, axis=1) != 0).any(axis=0)) + 1
    block_starts = np.concatenate([[0], cuts, [groups]]).astype(np.int64)
    of_block = owners[block_starts[:-1]] if groups else np.zeros(1, dtype=np.int64)
    slot = np.arange(len(of_block)) - np.searchsorted(of_block, of_block)
    in_slot = np.repeat(slot, np.diff(group_starts[block_starts]))
    per_event = np.repeat(in_slot, np.diff(indexed.starts))
    shared = [
        _shared(indexed.prior, in_slot),
        _shared(indexed.transition[indexed.transition >= 0], per_event[indexed.transition >= 0]),
        _shared(indexed.emission, per_event),
    ]
    return Division(group_starts, block_starts, slot, np.array(shared)[[0, 1, 1, 2, 2]])


def _shared(rows: Integers, slot: Integers) -> int:
    """1 if any row is read in two slots, else 0."""
    first = np.empty(rows.max(initial=-1) + 1, dtype=np.int64)
    first[rows] = slot
    return int((first[rows] != slot).any())
