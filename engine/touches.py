"""Which skills a response bears on, and what it takes of them: several skills on one item.

A response to a combination of skills touches the combination itself and every single skill in it.
What its answer depends on is a choice (`Combining`), made by measurement:

    deciding    one of the skills touched decides, each with its share: P(decided by mastery) is the
                mean of P(mastered) by share. Compensatory: what one lacks another may make up for
    all needed  the answer is a master's only if every skill touched is mastered (conjunctive)

The posterior of several skills given one answer is no product any more; it is taken for the product
of its margins, as in assumed-density filtering (Boyen & Koller 1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .responses import SKILL_SEPARATOR
from .tables import Floats, Integers


class Combining(NamedTuple):
    """What an answer to a combination takes.

    own         share of the combination's own state; 1: of that alone, 0: of its single skills
    all_needed  whether every skill with a share is needed, whatever the shares
    """

    own: float
    all_needed: bool = False

    @property
    def apart(self) -> bool:
        """Whether a combination is a skill of its own and moves no other."""
        return self.own == 1.0


APART = Combining(1.0)
USUAL = "apart"
"""The treatment unless another is asked for, chosen by measurement (docs/hierarchical.md)."""
COMBININGS = {
    USUAL: APART,
    "shared": Combining(0.8),
    "compensatory": Combining(0.0),
    "conjunctive": Combining(0.0, all_needed=True),
}
"""Treatments of several skills on one item, by the names that models know them by."""


class Touches(NamedTuple):
    """Responses of students, each with the skills that it touches, its own first.

    students    [student + 1] where each student's responses begin
    responses   [response + 1] where each response's touches begin
    skill       [touch] the skill touched, as a number
    share       [touch] how likely it is the one that decides; of a response they add up to 1
    all_needed  whether all touched skills with a share are needed instead
    """

    students: Integers
    responses: Integers
    skill: Integers
    share: Floats
    all_needed: bool

    @property
    def lead(self) -> Integers:
        """The first touch of every response, [response]."""
        return self.responses[:-1]

    @property
    def response(self) -> Integers:
        """The response of every touch, [touch]."""
        return np.repeat(np.arange(len(self.responses) - 1), np.diff(self.responses))


def alone(students: Integers, skill: Integers) -> Touches:
    """Responses that touch their own skill and no other.

    >>> alone(np.array([0, 2]), np.array([4, 5])).responses
    array([0, 1, 2])
    """
    events = len(skill)
    return Touches(students, np.arange(events + 1), skill, np.ones(events), False)


def touches_of(
    students: Integers, skill: Integers, skills: Sequence[str], combining: Combining
) -> Touches:
    """The touches of responses; `skills` holds every single skill (`with_singles`).

    >>> found = touches_of(np.array([0, 2]), np.array([0, 1]), ["a~~b", "a", "b"], Combining(0.5))
    >>> found.responses, found.skill, found.share
    (array([0, 3, 4]), array([0, 1, 2, 1]), array([0.5 , 0.25, 0.25, 1.  ]))
    """
    if combining.apart:
        return alone(students, skill)
    row_of = {name: row for row, name in enumerate(skills)}
    rows = [[row_of[one] for one in touched(name)] for name in skills]
    sizes = np.array([len(one) for one in rows], dtype=np.int64)
    starts = np.append(0, np.cumsum(sizes))
    parts = np.maximum(sizes - 1, 1)
    share = np.repeat((1.0 - combining.own) / parts, sizes)
    share[starts[:-1]] = np.where(sizes > 1, combining.own, 1.0)
    counts = sizes[skill]
    responses = np.append(0, np.cumsum(counts)).astype(np.int64)
    within = np.arange(responses[-1]) - np.repeat(responses[:-1], counts)
    place = np.repeat(starts[skill], counts) + within
    row = np.array([one for several in rows for one in several], dtype=np.int64)
    return Touches(students, responses, row[place], share[place], combining.all_needed)


def decided(touches: Touches, known: Floats) -> Floats:
    """P(what each answer takes is mastered), [response, node], from that of each touch, [touch,
    node].

    >>> both = touches_of(np.array([0, 1]), np.array([0]), ["a~~b", "a", "b"], Combining(0.5))
    >>> decided(both, np.array([[1.0], [0.0], [1.0]]))
    array([[0.75]])
    """
    if len(touches.skill) == 0:
        return known
    if touches.all_needed:
        needed = np.where(touches.share[:, None] > 0.0, known, 1.0)
        return np.multiply.reduceat(needed, touches.lead, axis=0)
    return np.add.reduceat(touches.share[:, None] * known, touches.lead, axis=0)


def with_singles(skills: Sequence[str]) -> tuple[str, ...]:
    """The skills, and after them every single skill that is met in combinations alone.

    >>> with_singles(["a~~b", "a"])
    ('a~~b', 'a', 'b')
    """
    return tuple(dict.fromkeys([*skills, *(one for name in skills for one in singles(name))]))


def singles(name: str) -> list[str]:
    """The single skills of a skill or combination, each once.

    >>> singles("a~~b"), singles("a")
    (['a', 'b'], ['a'])
    """
    return list(dict.fromkeys(name.split(SKILL_SEPARATOR)))


def touched(name: str) -> list[str]:
    """What a response to a skill or combination touches, itself first.

    >>> touched("a~~b"), touched("a")
    (['a~~b', 'a', 'b'], ['a'])
    """
    return list(dict.fromkeys([name, *singles(name)]))
