"""A class on one objective: who is in it, what is believed of them, and the odds of every tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .beliefs import SkillBelief
from .curriculum import Curriculum
from .errors import Fault, InvalidInput
from .responses import SKILL_SEPARATOR
from .tier_odds import Floats, TierOdds, tier_odds
from .tier_reading import TierReading, read

Beliefs = Mapping[str, Mapping[str, SkillBelief]]  # student → skill → belief


@dataclass(frozen=True)
class Classroom:
    """The students, one row each, and the objective's skills: prerequisites, then targets.

    `objective` is its id. `odds` and `held` count students and skills in the order of `students`
    and `skills`.
    """

    curriculum: Curriculum
    objective: str
    prerequisites: tuple[str, ...]
    targets: tuple[str, ...]
    skills: tuple[str, ...]
    students: tuple[str, ...]
    beliefs: Beliefs
    odds: TierOdds

    @cached_property
    def held(self) -> Floats:
        """P(held) as decisions take it, [student, skill]."""
        return _held(self.beliefs, self.skills)

    def belief(self, row: int, skill: str) -> SkillBelief:
        return self.beliefs[self.students[row]][skill]

    def name(self, skill: str) -> str:
        return self.curriculum.skills[skill].name or skill

    def answers(self, row: int) -> int:
        """How many answers there are on the objective's skills, each on its own."""
        return sum(self.belief(row, skill).n for skill in self.skills)

    def has_answered(self, row: int) -> bool:
        """Whether any answer bears on the objective, be it on a combination of skills."""
        inside = frozenset(self.skills)
        return any(
            belief.n > 0 and not inside.isdisjoint(traced.split(SKILL_SEPARATOR))
            for traced, belief in self.beliefs[self.students[row]].items()
        )


def classroom(
    curriculum: Curriculum, objective: str, beliefs: Beliefs, *, reading: TierReading | None = None
) -> Classroom:
    """The class on the objective. Raises `InvalidInput` where there is no such objective.

    `reading`: how the model's beliefs are to be taken; None at their word.
    """
    if objective not in curriculum.objectives:
        existing = ", ".join(curriculum.objectives) or "none"
        raise InvalidInput.at(
            "objective", objective, f"the id of an objective; there is {existing}"
        )
    _check_complete(curriculum.scope(objective), beliefs)
    targets = frozenset(curriculum.objectives[objective].skills)
    scope = curriculum.scope(objective)
    aimed_at = tuple(skill for skill in scope if skill in targets)
    built_on = tuple(skill for skill in scope if skill not in targets)
    return Classroom(
        curriculum=curriculum,
        objective=objective,
        prerequisites=built_on,
        targets=aimed_at,
        skills=(*built_on, *aimed_at),
        students=tuple(beliefs),
        beliefs=beliefs,
        odds=_odds(beliefs, built_on, aimed_at, reading),
    )


def _odds(
    beliefs: Beliefs,
    built_on: tuple[str, ...],
    aimed_at: tuple[str, ...],
    reading: TierReading | None,
) -> TierOdds:
    if reading is None:
        return tier_odds(_held(beliefs, built_on), _held(beliefs, aimed_at))
    skills, split = (*built_on, *aimed_at), len(built_on)
    answers = np.array([sum(known[skill].n for skill in skills) for known in beliefs.values()])
    p = _held(beliefs, skills) if reading.by == "mastery" else _answered(beliefs, skills)
    found = read(reading, p, answers.astype(np.float64), prerequisites=split)
    return tier_odds(found.held[:, :split], found.held[:, split:])._replace(tiers=found.tiers)


def _check_complete(scope: Iterable[str], beliefs: Beliefs) -> None:
    faults = [
        Fault(f"beliefs, student {student}", skill, "a belief about every skill of the objective")
        for skill in scope
        for student, known in beliefs.items()
        if skill not in known
    ]
    if faults:
        raise InvalidInput(faults)


def _held(beliefs: Beliefs, skills: tuple[str, ...]) -> Floats:
    """P(held), shape [student, skill]."""
    rows = [[known[skill].counted for skill in skills] for known in beliefs.values()]
    return np.array(rows, dtype=np.float64).reshape(len(beliefs), len(skills))


def _answered(beliefs: Beliefs, skills: tuple[str, ...]) -> Floats:
    """P(next answer right), or what a teacher said in its place, shape [student, skill]."""
    rows = [
        [b.p_correct if (b := known[skill]).override is None else b.counted for skill in skills]
        for known in beliefs.values()
    ]
    return np.array(rows, dtype=np.float64).reshape(len(beliefs), len(skills))
