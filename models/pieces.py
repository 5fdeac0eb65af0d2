"""Rows in a row of one skill and student, and the order in which they make sequences.

Most logs hold a student's responses to a skill together. So it is pieces that are sorted, not rows:
where nothing lies together every row is a piece, and nothing is lost.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Integers


class Pieces(NamedTuple):
    """Rows in a row of one skill and student: heads [piece + 1], skill and student [piece]."""

    heads: Integers
    skill: Integers
    student: Integers


@njit(cache=True)
def pieces_of(
    skill_heads: Integers, skill: Integers, student_heads: Integers, student: Integers
) -> Pieces:
    """The rows cut wherever the skill or the student changes."""
    most = len(skill) + len(student)
    found = Pieces(np.empty(most + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.int64))
    size = one = other = row = 0
    while row < skill_heads[-1]:
        found.heads[size], found.skill[size], found.student[size] = row, skill[one], student[other]
        size += 1
        row = min(skill_heads[one + 1], student_heads[other + 1])
        one += row == skill_heads[one + 1]
        other += row == student_heads[other + 1]
    found.heads[size] = row
    return Pieces(found.heads[: size + 1], found.skill[:size], found.student[:size])


@njit(cache=True)
def _sorted(pieces: Pieces) -> bool:
    """Whether they already go skill by skill, and student by student within each."""
    skill, student = pieces.skill, pieces.student
    for here in range(1, len(skill)):
        if skill[here] < skill[here - 1]:
            return False
        if skill[here] == skill[here - 1] and student[here] < student[here - 1]:
            return False
    return True


def by_skill(
    order: Integers | None, pieces: Pieces, skills: int, students: int
) -> tuple[Integers, Pieces]:
    """The order of rows in which the pieces go by skill and student, and the pieces in it."""
    rows = np.arange(pieces.heads[-1]) if order is None else order
    if _sorted(pieces):
        return rows, pieces
    place = stable_by(pieces.student, students, np.arange(len(pieces.student)))
    place = stable_by(pieces.skill, skills, place)
    moved = np.empty_like(rows)
    heads = _moved(rows, pieces.heads, place, moved)
    return moved, Pieces(heads, pieces.skill[place], pieces.student[place])


@njit(cache=True)
def _moved(rows: Integers, heads: Integers, place: Integers, moved: Integers) -> Integers:
    """Leaves the rows of the pieces in their new order; gives where each begins there."""
    found = np.empty_like(heads)
    at = 0
    for piece in range(len(place)):
        found[piece] = at
        for row in range(heads[place[piece]], heads[place[piece] + 1]):
            moved[at] = rows[row]
            at += 1
    found[-1] = at
    return found


@njit(cache=True)
def sequence_starts(pieces: Pieces) -> tuple[Integers, Integers]:
    """Where each sequence begins among sorted pieces, with the end of the last; and its skill."""
    skill, student = pieces.skill, pieces.student
    starts, skill_of = np.empty_like(pieces.heads), np.empty_like(skill)
    size = 0
    for here in range(len(skill)):
        if here == 0 or skill[here] != skill[here - 1] or student[here] != student[here - 1]:
            starts[size], skill_of[size] = pieces.heads[here], skill[here]
            size += 1
    starts[size] = pieces.heads[-1]
    return starts[: size + 1].copy(), skill_of[:size].copy()


@njit(cache=True)
def stable_by(codes: Integers, distinct: int, order: Integers) -> Integers:
    """`order`, stably sorted by code: a counting sort, linear in the number of events."""
    position = np.zeros(distinct + 1, dtype=np.int64)
    for code in codes:
        position[code + 1] += 1
    for code in range(distinct):
        position[code + 1] += position[code]
    found = np.empty(len(order), dtype=np.int64)
    for event in order:
        code = codes[event]
        found[position[code]] = event
        position[code] += 1
    return found
