"""The tries of answer patterns, word by word: students who begin alike share their beginning.

The likelihood of a skill is a sum over what is different among its students, so a pass of EM costs
what *unique* patterns cost, not what the events cost, and stays exact. Two things are shared. Who
begins alike shares a stem. And wherever the same few answers follow each other, what they do to a
state of knowledge is the same two-by-two matrix: so stems grow by words of up to ten answers, and
the matrix of every word is found once in a pass (the "four Russians" of matrix multiplication:
Arlazarov, Dinic, Kronrod & Faradzhev 1970). A million simulated responses of fifty thousand
students are then 18,500 last words on 1,000 stems.
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
LONGEST_WORD = 10
PATTERNS_A_WORD = 16.0
TAIL = 8.0
"""A skill has words as long as there are so many patterns for every word, up to LONGEST_WORD: the
matrices of longer ones would cost more than they save. A student is a pattern, and so are TAIL
answers."""
MUCH = 4
EMPTY = -1
SPREADING = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio's bits: Fibonacci hashing


class Tries(NamedTuple):
    """The tries of all skills, a parent before its children.

    A word is one or more answers in a row. A stem is a beginning that somebody goes on from, made
    of whole words; a tip is the end of a history: a last word on a stem. The first stem of a skill
    is empty.

    longest      [skill] answers in a whole word; 1 unless there are two kinds of answer
    stem_starts  [skill + 1] where each skill's stems begin
    parent       [stem] index of the parent within the skill, −1 for the empty stem
    word         [stem] its last word
    passing      [stem] students who begin like this and go on; all of them for the empty stem
    tip_starts   [stem + 1] where each stem's tips begin
    tip_word     [tip] the last word of a history
    ending       [tip] students whose history this is
    answers      the distinct values of `correct`

    A word of n answers out of two has the number 2ⁿ − 2 + its bits, the first answer the highest:
    shorter words come before longer ones. A word of one answer has that answer's number.
    """

    longest: Integers
    stem_starts: Integers
    parent: Integers
    word: Integers
    passing: Floats
    tip_starts: Integers
    tip_word: Integers
    ending: Floats
    answers: Floats

    def students(self) -> Integers:
        """How many students each skill has, [skill]."""
        return self.passing[self.stem_starts[:-1]].astype(np.int64)

    def sizes(self) -> Integers:
        """Stems and tips of each skill, [skill]."""
        return np.diff(self.stem_starts + self.tip_starts[self.stem_starts])


class _Nodes(NamedTuple):
    """Stems and tips as they come: parent, last word, students, and which are tips, [node]."""

    parent: Codes
    word: Codes
    students: Floats
    is_tip: NDArray[np.bool_]


def tries_of(sequences: Sequences, *, students: int = 0, longest: int = 0) -> Tries:
    """The tries of all skills, built in one pass over the events.

    With `students`, skills that MUCH times as many answered have about so many of them, evenly
    spread over them all.
    Words have up to `longest` answers; as many as pay where nothing is said.

    >>> import pandas as pd
    >>> from .sequences import sequences_of
    >>> table = pd.DataFrame({"student": list("aabbc"), "skill": "x", "correct": [1, 0, 1, 1, 1]})
    >>> found = tries_of(sequences_of(table))
    >>> found.longest, found.tip_word[found.ending > 0.0], found.passing
    (array([1]), array([1, 0, 1]), array([3., 2.]))
    """
    answers, answer = _answers(sequences.given)
    there = sequences.students_of()
    many = there >= MUCH * students if students else np.zeros(len(there), dtype=np.bool_)
    every = np.where(many, there // max(students, 1), 1)
    responses = sequences.responses_of() // every
    length = np.full_like(there, longest) if longest else _longest(there // every, responses)
    length = length if len(answers) == 2 else np.ones_like(there)
    room = _room(sequences.starts, sequences.skill_starts, every, length)
    # what is not needed is never touched
    nodes = _Nodes(*(np.empty(room[-1], kind) for kind in (np.int32, np.int32, float, np.bool_)))
    where = sequences.order, sequences.starts, sequences.skill_starts
    sizes, stems = _grown(*where, answer, every, length, nodes, room)
    stem_starts, tip_ends = (np.append(0, np.cumsum(n)) for n in (stems, sizes - stems))
    parts = _parted(nodes, room, sizes, stem_starts, tip_ends)
    return Tries(length, stem_starts, *parts, answers)


@njit(cache=True)
def words_of(longest: Any, answers: int) -> Any:
    """How many words there are of up to so many answers each, one or many lengths.

    >>> [words_of(longest, answers) for longest, answers in [(3, 2), (1, 5), (1, 1)]]
    [14, 5, 1]
    """
    return (2 << longest) - 2 + (longest == 1) * (answers - 2)


def _longest(students: Integers, responses: Integers) -> Integers:
    patterns = np.maximum(students + responses / TAIL, 1.0)
    words = np.log2(patterns / PATTERNS_A_WORD)
    return np.clip(words, 1, LONGEST_WORD).astype(np.int64)


def _answers(given: NDArray[Any]) -> tuple[Floats, Codes]:
    """Distinct answers and the number of each; only 0 and 1 in most tables."""
    if given.dtype.kind != "f":
        return np.array([0.0, 1.0]), given.astype(np.int8, copy=False)
    codes: Codes = np.empty(len(given), np.int8)
    if _all_whole(given, codes):
        return np.array([0.0, 1.0]), codes
    answers, codes = np.unique(given, return_inverse=True)
    return answers, codes.astype(np.int8 if len(answers) <= LARGEST_CODE else np.int64)


@njit(cache=True)
def _all_whole(given: Floats, codes: Codes) -> bool:
    """Whether every answer is 0 or 1; then `codes` holds them."""
    whole = True
    for event in range(len(given)):
        one = given[event]
        codes[event] = one == 1.0
        whole &= (one == 0.0) | (one == 1.0)
    return whole


@njit(cache=True)
def _room(starts: Integers, skill_starts: Integers, every: Integers, longest: Integers) -> Integers:
    """Where the words of each skill would begin if none were shared, and the end of the last."""
    found = np.zeros(len(every) + 1, dtype=np.int64)
    for skill in range(len(every)):
        words = 1
        for sequence in range(skill_starts[skill], skill_starts[skill + 1], every[skill]):
            length = starts[sequence + 1] - starts[sequence]
            words += (length + longest[skill] - 1) // longest[skill]
        found[skill + 1] = found[skill] + words
    return found


@njit(cache=True, parallel=True)
def _grown(
    order: Integers,
    starts: Integers,
    skill_starts: Integers,
    answer: Codes,
    every: Integers,
    longest: Integers,
    nodes: _Nodes,
    room: Integers,
) -> tuple[Integers, Integers]:
    """Grows each skill's trie in the room that it has; gives the numbers of nodes and of stems."""
    sizes, stems = np.zeros(len(longest), np.int64), np.zeros(len(longest), np.int64)
    for skill in prange(len(longest)):
        own = starts[skill_starts[skill] : skill_starts[skill + 1] + 1]
        part = _part(nodes, room[skill], room[skill + 1])
        sizes[skill], stems[skill] = _grow(order, own, answer, every[skill], longest[skill], part)
    return sizes, stems


@njit(cache=True)
def _part(nodes: _Nodes, first: int, last: int) -> _Nodes:
    return _Nodes(
        nodes.parent[first:last],
        nodes.word[first:last],
        nodes.students[first:last],
        nodes.is_tip[first:last],
    )


@njit(cache=True)
def _grow(
    order: Integers,
    starts: Integers,
    answer: Codes,
    every: int,
    longest: int,
    nodes: _Nodes,
) -> tuple[int, int]:
    """Grows the trie of a skill, stems and tips as they come; gives how many there are of both
    together, and of stems."""
    bits = 1
    while (1 << bits) < 2 * len(nodes.parent):
        bits += 1
    slots, shift = np.full(1 << bits, EMPTY, dtype=np.int32), np.uint64(64 - bits)
    parent, word, students, is_tip = nodes
    parent[0], word[0], students[0], is_tip[0] = -1, 0, 0.0, False
    size = stems = 1
    for sequence in range(0, len(starts) - 1, every):
        at, event, last = 0, starts[sequence], starts[sequence + 1]
        while event < last:
            students[at] += 1.0
            ends = event + longest >= last
            code = _spoken(order, answer, event, min(event + longest, last), longest)
            event += longest
            slot = np.int64((np.uint64((at << 21) ^ (code << 1) ^ ends) * SPREADING) >> shift)
            node = slots[slot]
            while node != EMPTY and (
                parent[node] != at or word[node] != code or is_tip[node] != ends
            ):
                slot = (slot + 1) & (len(slots) - 1)
                node = slots[slot]
            if node == EMPTY:
                node = slots[slot] = size
                parent[size], word[size], students[size], is_tip[size] = at, code, 0.0, ends
                stems += not ends
                size += 1
            at = node
        students[at] += 1.0
    return size, stems


@njit(cache=True, inline="always")
def _spoken(order: Integers, answer: Codes, first: int, last: int, longest: int) -> int:
    """The number of the word of these answers."""
    if longest == 1:
        return int(answer[order[first]])
    code = 1
    for event in range(first, last):
        code = 2 * code + answer[order[event]]
    return code - 2


@njit(cache=True, parallel=True)
def _parted(
    nodes: _Nodes, room: Integers, sizes: Integers, stem_starts: Integers, tip_ends: Integers
) -> tuple[Integers, Integers, Floats, Integers, Integers, Floats]:
    """Stems and tips apart, the tips of each stem together; `tip_ends` [skill + 1]."""
    stems, tips = stem_starts[-1], tip_ends[-1]
    parent, word, passing = np.empty(stems, np.int64), np.empty(stems, np.int64), np.empty(stems)
    tip_word, ending = np.empty(tips, np.int64), np.empty(tips)
    tip_starts = np.full(stems + 1, tips)
    for skill in prange(len(sizes)):
        first, last = stem_starts[skill], stem_starts[skill + 1]
        own = _part(nodes, room[skill], room[skill] + sizes[skill])
        stem_of = np.cumsum(~own.is_tip) - 1  # the number of each stem among the stems
        place = np.zeros(last - first + 1, dtype=np.int64)
        place[0] = tip_ends[skill]
        for node in range(len(stem_of)):
            if own.is_tip[node]:
                place[stem_of[own.parent[node]] + 1] += 1
                continue
            at = first + stem_of[node]
            parent[at] = stem_of[own.parent[node]] if node else -1
            word[at], passing[at] = own.word[node], own.students[node]
        for stem in range(last - first):
            place[stem + 1] += place[stem]
            tip_starts[first + stem] = place[stem]
        for node in range(len(stem_of)):
            if own.is_tip[node]:
                stem = stem_of[own.parent[node]]
                tip_word[place[stem]], ending[place[stem]] = own.word[node], own.students[node]
                place[stem] += 1
    return parent, word, passing, tip_starts, tip_word, ending
