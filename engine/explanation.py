"""Reasons in words: a code, what it weighs, and its sentence with the facts filled in.

A decision names its reasons by code, with a weight; the sentences stand in one table, so that
another language is another table and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log
from typing import NamedTuple

from .codes import Code as Code
from .english import ENGLISH

SECOND_LOOK = 1e-9  # .29 × 100 is 28.999999999999996: not a reason to show 28 %


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, how much it weighs, and its sentence."""

    code: str
    weight: float
    text: str


class Share(float):
    """A probability that a sentence or a page shows in whole per cent, rounded down.

    Down, so that nothing below a bar reads as if it had reached it; and never 0% or 100%, for
    nothing here is certain.

    >>> f"{Share(0.948)} {Share(0.29)} {Share(0.002)} {Share(1.0)}"
    '94% 29% <1% 99%'
    """

    def __format__(self, spec: str) -> str:
        whole = min(floor(self * 100 + SECOND_LOOK), 99)
        return f"{whole}%" if whole else "<1%"


class Count(int):
    """A number that a sentence shows in its own singular or plural.

    >>> f"{Count(1):one answer|# answers}, {Count(3):one answer|# answers}"
    'one answer, 3 answers'
    """

    def __format__(self, spec: str) -> str:
        singular, plural = spec.split("|")
        return singular if self == 1 else plural.replace("#", str(int(self)))


def sentence(code: Code, facts: Mapping[str, object], *, language: str = "en") -> str:
    """The sentence of a reason with its facts filled in.

    >>> sentence(Code.WAITS_FOR, {"skill": "slope", "other": "ratio", "p": Share(0.4),
    ...                           "bar": Share(0.9)})
    '“slope” waits for its prerequisite “ratio”, which is at 40% and opens it at 90%.'
    """
    return SENTENCES[language][code].format_map(facts)


def note(code: Code, facts: Mapping[str, object], *, weight: float = 0.0) -> Reason:
    """A reason with its sentence; without a weight it explains and moves nothing."""
    return Reason(code.value, weight, sentence(code, facts))


class Term(NamedTuple):
    """A factor of a score: its log, and the facts for its sentence, written only when asked for.

    A decision weighs thousands of activities and serves a handful: most are never put in words.
    """

    code: Code
    weight: float
    facts: Mapping[str, object]

    def reason(self) -> Reason:
        """The term in words."""
        return note(self.code, self.facts, weight=self.weight)


def term(code: Code, factor: float, facts: Mapping[str, object]) -> Term:
    """A factor of a score as a term: its weight is the log of the factor.

    >>> term(Code.TOWARDS_GOAL, 3.0, {"goal": "slope"}).reason()
    Reason(code='towards_goal', weight=1.0986122886681098, text='It leads to the goal “slope”.')
    """
    return Term(code, log(factor), facts)


SENTENCES: Mapping[str, Mapping[Code, str]] = {"en": ENGLISH}
"""Language → code → sentence. Every language has every code."""
