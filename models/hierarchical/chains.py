"""What the fit counts: touches in chains, their slopes, and what a pass writes down of them."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from engine.history import Flags
from engine.tables import Floats, Integers

ROOM = 9
K, U, LEARN, FORGET, AFTER, BESIDE, P, GUESS, RIGHT = range(ROOM)
"""Rows of what a pass writes down of a touch, [touch, ROOM, node]: P(mastered) before the answer
and what it lacks to 1; the step that led there; P(mastered) after the answer and what it lacks;
and, of the first touch of a response, P(answer), P(right | not mastered), P(right | mastered)."""


class Chains(NamedTuple):
    """Touches of responses, one chain per student and skill, a student's chains lying together.

    students  [student + 1] where each student's chains begin
    starts    [chain + 1] where each chain's touches begin
    correct   [touch] 0 to 1
    skill     [chain] row of the loadings
    share     [touch] how likely the skill is the one that decides (`engine.touches`)

    in the order of time, a student's own first touch being 0:

    visits    [touch] where the touch lies among the student's
    whose     [touch] its chain among the student's
    opens     [touch] whether a response begins with it
    all_needed  whether all touched skills with a share are needed
    """

    students: Integers
    starts: Integers
    correct: Floats
    skill: Integers
    share: Floats
    visits: Integers
    whose: Integers
    opens: Flags
    all_needed: bool


class Slopes(NamedTuple):
    """Derivatives by the five logits of every event, and by the five loadings of every chain."""

    prior: Floats
    learn: Floats
    forget: Floats
    guess: Floats
    known: Floats
    loadings: Floats


@njit(cache=True, nogil=True, inline="always")
def likelihood(correct: float, right: float) -> float:
    """P(answer) of who answers right with this probability; a fraction between the two."""
    if correct == 1.0:
        return right
    if correct == 0.0:
        return 1.0 - right
    return float(right**correct * (1.0 - right) ** (1.0 - correct))
