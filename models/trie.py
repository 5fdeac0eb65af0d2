"""The prefix trie of answer patterns: students who start a skill alike share their beginning.

The likelihood of a skill is a sum over the nodes of its trie, each weighted by how many students
pass through it, so one pass of EM costs what the *unique prefixes* cost, not what the events cost,
and stays exact. On a million simulated rows that is some ten to seventy times less.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from engine.tables import Floats, Integers

from .sequences import Sequences

Codes = NDArray[np.signedinteger[Any]]
LARGEST_CODE = 100  # distinct answers that a single byte numbers


class Tries(NamedTuple):
    """The tries of all skills, node after node, level by level: all first answers, then all second
    ones, … so that a parent comes before its children, and neighbours do not wait for each other.

    node_starts  [skill + 1] where each skill's nodes begin
    parent       [node] index of the parent within the skill, −1 for the first answer
    answer       [node] index into `answers`
    passing      [node] students who answer so far like this
    ending       [node] students whose responses end here
    answers      the distinct values of `correct`
    """

    node_starts: Integers
    parent: Integers
    answer: Integers
    passing: Floats
    ending: Floats
    answers: Floats


def tries_of(sequences: Sequences) -> Tries:
    """The tries of all skills, built in one pass over the events.

    >>> import pandas as pd
    >>> from .sequences import sequences_of
    >>> table = pd.DataFrame({"student": list("aabbc"), "skill": "x", "correct": [1, 0, 1, 1, 1]})
    >>> tries_of(sequences_of(table)).passing
    array([3., 1., 1.])
    """
    answers, answer = _answers(sequences.correct)
    event_starts = sequences.starts[sequences.skill_starts]
    events = len(answer)
    # room for as many nodes as events: what is not needed is never touched
    parent: Codes = np.empty(events, np.int32)
    code, ending = np.empty(events, answer.dtype), np.empty(events)
    grow = _grow_binary if len(answers) == 2 else _grow
    where = sequences.order, sequences.starts, sequences.skill_starts, event_starts
    sizes = grow(*where, answer, parent, code, ending)
    node_starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Tries(node_starts, *_levelled(event_starts, node_starts, parent, code, ending), answers)


def thinned(tries: Tries, limit: int) -> Tries:
    """The tries without the rarest beginnings: about `limit` nodes at most for each skill.

    Histories are cut where they leave what is kept, which loses answers but makes up none: it is
    the trie of the same students, each watched for a shorter while.

    >>> import pandas as pd
    >>> from .sequences import sequences_of
    >>> table = pd.DataFrame({"student": list("aabbc"), "skill": "x", "correct": [1, 0, 1, 1, 1]})
    >>> few = thinned(tries_of(sequences_of(table)), 1)
    >>> few.passing, few.ending
    (array([3.]), array([3.]))
    """
    keep = _kept(tries.node_starts, tries.passing, limit)
    place = np.cumsum(keep) - 1
    skill = np.repeat(np.arange(len(tries.node_starts) - 1), np.diff(tries.node_starts))
    kept = np.flatnonzero(keep)
    node_starts = np.searchsorted(kept, tries.node_starts)
    above = tries.parent + tries.node_starts[skill]
    cut = np.flatnonzero(~keep & (tries.parent >= 0))
    cut = cut[keep[above[cut]]]
    ending = tries.ending + np.bincount(above[cut], tries.passing[cut], minlength=len(keep))
    parent = np.where(tries.parent >= 0, place[above] - node_starts[skill], -1)[kept]
    answer, passing = tries.answer[kept], tries.passing[kept]
    return Tries(node_starts, parent, answer, passing, ending[kept], tries.answers)


@njit(cache=True)
def _kept(node_starts: Integers, passing: Floats, limit: int) -> NDArray[np.bool_]:
    """The nodes that as many students pass as leaves about `limit` of each skill's."""
    keep = np.ones(len(passing), dtype=np.bool_)
    for skill in range(len(node_starts) - 1):
        first, last = node_starts[skill], node_starts[skill + 1]
        if last - first <= limit:
            continue
        least = np.sort(passing[first:last])[last - first - limit]
        for node in range(first, last):
            keep[node] = passing[node] > least or node == first
    return keep


def _answers(correct: Floats) -> tuple[Floats, Codes]:
    """Distinct answers and the number of each; only 0 and 1 in most tables."""
    codes: Codes = np.empty(len(correct), np.int8)
    if _all_whole(correct, codes):
        return np.array([0.0, 1.0]), codes
    answers, codes = np.unique(correct, return_inverse=True)
    return answers, codes.astype(np.int8 if len(answers) <= LARGEST_CODE else np.int64)


@njit(cache=True)
def _all_whole(correct: Floats, codes: Codes) -> bool:
    """Whether every answer is 0 or 1; then `codes` holds them."""
    whole = True
    for event in range(len(correct)):
        one = correct[event]
        codes[event] = one == 1.0
        whole &= (one == 0.0) | (one == 1.0)
    return whole


@njit(cache=True, parallel=True)
def _grow_binary(
    order: Integers,
    starts: Integers,
    skill_starts: Integers,
    event_starts: Integers,
    answer: Codes,
    parent: Codes,
    code: Codes,
    ending: Floats,
) -> Integers:
    """Grows each skill's trie in the room its events would take; gives the number of its nodes."""
    sizes = np.zeros(len(skill_starts) - 1, dtype=np.int64)
    child = np.empty(2 * len(order) + 2 * len(sizes), dtype=np.int32)  # 0: none, else 1 + node
    for skill in prange(len(sizes)):
        base = event_starts[skill]
        below = 2 * (base + skill)  # the root's children, then each node's
        child[below] = child[below + 1] = 0
        size = 0
        for sequence in range(skill_starts[skill], skill_starts[skill + 1]):
            at = 0
            for position in range(starts[sequence], starts[sequence + 1]):
                wanted = answer[order[position]]
                place = below + 2 * at + wanted
                node = child[place]
                if node == 0:
                    parent[base + size] = at - 1
                    code[base + size] = wanted
                    ending[base + size] = 0.0
                    size += 1
                    node = child[place] = size
                    child[below + 2 * size] = child[below + 2 * size + 1] = 0
                at = node
            if at > 0:
                ending[base + at - 1] += 1.0
        sizes[skill] = size
    return sizes


@njit(cache=True, parallel=True)
def _grow(
    order: Integers,
    starts: Integers,
    skill_starts: Integers,
    event_starts: Integers,
    answer: Codes,
    parent: Codes,
    code: Codes,
    ending: Floats,
) -> Integers:
    """As `_grow_binary`, for any number of distinct answers: children hang on a list."""
    sizes = np.zeros(len(skill_starts) - 1, dtype=np.int64)
    child, sibling = np.empty(len(order), dtype=np.int32), np.empty(len(order), dtype=np.int32)
    for skill in prange(len(sizes)):
        base = event_starts[skill]
        size = 0
        first = -1
        for sequence in range(skill_starts[skill], skill_starts[skill + 1]):
            at = -1
            for position in range(starts[sequence], starts[sequence + 1]):
                wanted = answer[order[position]]
                node = first if at < 0 else child[base + at]
                while node >= 0 and code[base + node] != wanted:
                    node = sibling[base + node]
                if node < 0:
                    node = size
                    size += 1
                    code[base + node] = wanted
                    parent[base + node] = at
                    ending[base + node] = 0.0
                    child[base + node] = -1
                    if at < 0:
                        sibling[base + node] = first
                        first = node
                    else:
                        sibling[base + node] = child[base + at]
                        child[base + at] = node
                at = node
            if at >= 0:
                ending[base + at] += 1.0
        sizes[skill] = size
    return sizes


@njit(cache=True, parallel=True)
def _levelled(
    event_starts: Integers, node_starts: Integers, parent: Codes, code: Codes, ending: Floats
) -> tuple[Integers, Integers, Floats, Floats]:
    """Parent, answer, passing and ending of every node, each skill's nodes level by level."""
    nodes = node_starts[-1]
    new_parent, answer = np.empty(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64)
    passing, new_ending = np.empty(nodes), np.empty(nodes)
    for skill in prange(len(node_starts) - 1):
        first, size = node_starts[skill], node_starts[skill + 1] - node_starts[skill]
        base = event_starts[skill]
        place = _places_by_level(parent[base : base + size])
        through = ending[base : base + size].copy()
        for node in range(size - 1, -1, -1):
            above = parent[base + node]
            if above >= 0:
                through[above] += through[node]
            at = first + place[node]
            new_parent[at] = place[above] if above >= 0 else -1
            answer[at] = code[base + node]
            passing[at] = through[node]
            new_ending[at] = ending[base + node]
    return new_parent, answer, passing, new_ending


@njit(cache=True)
def _places_by_level(parent: Codes) -> Codes:
    """The place of every node once nodes stand level by level, in the same order within each."""
    level = np.empty(len(parent), dtype=np.int32)
    place = np.zeros(len(parent) + 1, dtype=np.int32)
    for node in range(len(parent)):
        level[node] = 0 if parent[node] < 0 else level[parent[node]] + 1
        place[level[node] + 1] += 1
    for one in range(len(parent)):
        place[one + 1] += place[one]
    found = np.empty(len(parent), dtype=np.int32)
    for node in range(len(parent)):
        found[node] = place[level[node]]
        place[level[node]] += 1
    return found
