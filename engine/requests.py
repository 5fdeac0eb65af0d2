"""What is asked of the policy: the intent and the constraints of one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .curriculum import LEVELS, Curriculum
from .errors import Fault, InvalidInput

INTENTS = ("auto", "learn", "practice", "review", "assess", "diagnose")
MOST_CANDIDATES = 10
DEFAULT_CANDIDATES = 6  # three skills, two kinds of activity each
MOST_MINUTES = 100_000  # ten weeks: longer than any activity, and still a number in a sentence
SHOWN_IDS = 20  # how many of the ids that exist a message lists


@dataclass(frozen=True, slots=True)
class Request:
    """What a student (or a platform on their behalf) asks for.

    intent             auto lets the policy choose: what is due for review first, else learning
    n                  how many candidates at most, 1 to 10
    objective          stay within this objective and what it builds on
    goal               a skill the student chose; it and what it builds on count more
    revisit            only this skill, which the student has worked on before: nothing bars it
    minutes            only activities that take no longer than this
    modality           only these kinds of activity; empty: every kind
    difficulty         only work of these levels; empty: every level
    exclude            never these activities
    tools              what is at hand; None: nobody has said, and everything counts as at hand
    teacher_available  whether teacher-led activities can happen now

    >>> Request(intent="learn", minutes=15, modality=("video",)).n
    6
    """

    intent: str = "auto"
    n: int = DEFAULT_CANDIDATES
    objective: str | None = None
    goal: str | None = None
    minutes: float | None = None
    modality: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    teacher_available: bool = False
    revisit: str | None = None
    difficulty: tuple[str, ...] = ()
    tools: tuple[str, ...] | None = None

    def checked(self, curriculum: Curriculum) -> Request:
        """The same request, once everything it names is known to exist.

        >>> Request(n=0, goal="slope").checked(Curriculum.of())
        Traceback (most recent call last):
        engine.errors.InvalidInput: n: got '0', expected a whole number from 1 to 10
        goal: got 'slope', expected the id of a skill; there is none
        """
        faults = [*self._out_of_range(), *self._unknown(curriculum)]
        if faults:
            raise InvalidInput(faults)
        return self

    def _out_of_range(self) -> Iterator[Fault]:
        if self.intent not in INTENTS:
            yield Fault("intent", str(self.intent), f"one of {', '.join(INTENTS)}")
        if not (isinstance(self.n, int) and 1 <= self.n <= MOST_CANDIDATES):
            yield Fault("n", str(self.n), f"a whole number from 1 to {MOST_CANDIDATES}")
        if self.minutes is not None and not 0 <= self.minutes <= MOST_MINUTES:
            yield Fault("minutes", str(self.minutes), f"a number from 0 to {MOST_MINUTES}")
        for level in self.difficulty:
            if level not in LEVELS:
                yield Fault("difficulty", str(level), f"one of {', '.join(LEVELS)}")

    def _unknown(self, curriculum: Curriculum) -> Iterator[Fault]:
        objective = () if self.objective is None else (self.objective,)
        goal = () if self.goal is None else (self.goal,)
        yield from _missing("objective", objective, curriculum.objectives, "the id of an objective")
        yield from _missing("goal", goal, curriculum.skills, "the id of a skill")
        again = () if self.revisit is None else (self.revisit,)
        yield from _missing("revisit", again, curriculum.skills, "the id of a skill")
        modalities = (a.modality for a in curriculum.activities.values())
        yield from _missing("modality", self.modality, modalities, "a modality of some activity")
        yield from _missing("exclude", self.exclude, curriculum.activities, "ids of activities")


def _missing(
    place: str, asked: Iterable[str], known: Iterable[str], expected: str
) -> Iterator[Fault]:
    wanted = dict.fromkeys(asked)
    existing = dict.fromkeys(known) if wanted else {}  # not counted through for nothing
    for name in wanted:
        if name not in existing:
            yield Fault(place, str(name), f"{expected}; {_listed(list(existing))}")


def _listed(names: list[str]) -> str:
    if not names:
        return "there is none"
    more = f" and {len(names) - SHOWN_IDS} more" if len(names) > SHOWN_IDS else ""
    return f"there is {', '.join(names[:SHOWN_IDS])}{more}"
