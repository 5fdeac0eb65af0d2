"""Tiers: who needs what on one objective, from what each student probably holds.

A tier belongs to one objective and lapses with it. It never comes from demographics, overall
ability or a past tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .beliefs import SkillBelief
from .classroom import Classroom, classroom
from .curriculum import LEVELS, Curriculum
from .explanation import Reason
from .tier_odds import Floats
from .tier_reasons import doubts, likelihood, no_answers, weightiest
from .tier_work import diagnostic, focus, materials

TIERS = LEVELS
"""support, on-level, advanced: the tiers are named like the levels of activities they work on."""
ON_LEVEL = TIERS.index("on-level")
ROUNDING = 12  # digits: losses equal but for rounding are equal


@dataclass(frozen=True, slots=True)
class SeatedStudent:
    """A student in a tier, with the probability of each tier and what speaks for this one.

    A provisional student sits on level because the evidence does not say more; `diagnostic` is
    then the activity that would tell most.
    """

    student: str
    probabilities: tuple[float, float, float]
    reasons: tuple[Reason, ...]
    provisional: bool = False
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True)
class UnplacedStudent:
    """A student with no answer on the objective or its prerequisites, and what to start with."""

    student: str
    reasons: tuple[Reason, ...]
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A tier: its students (maybe none), the skills they need most, and activities by modality."""

    tier: str
    students: tuple[SeatedStudent, ...]
    focus: tuple[str, ...]
    activities: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A class on an objective: one group for every tier, and who could not be placed."""

    objective: str
    groups: tuple[Group, ...]
    unplaced: tuple[UnplacedStudent, ...]


def need_groups(
    curriculum: Curriculum,
    objective: str,
    beliefs_by_student: Mapping[str, Mapping[str, SkillBelief]],
) -> Grouping:
    """Everyone in the tier they need now. Raises `InvalidInput` for an unknown objective.

    Support is under three quarters of the prerequisites held (of an objective that builds on
    nothing: under a quarter of its targets), advanced three quarters of the targets or more. The
    tier is the one with the least expected distance from the true one.

    >>> from engine.curriculum import Objective, Skill
    >>> course = Curriculum.of(skills=[Skill("ratio")],
    ...                        objectives=[Objective("mixtures", skills=("ratio",))])
    >>> belief = SkillBelief("ratio", 0.1, 0.0, 0.2, 5, "some", "emerging", 0.3,
    ...                      last_at=None, review_due=None, model="v1", pooled=False)
    >>> found = need_groups(course, "mixtures", {"ana": {"ratio": belief}})
    >>> [(group.tier, [seat.student for seat in group.students]) for group in found.groups]
    [('support', ['ana']), ('on-level', []), ('advanced', [])]
    """
    room = classroom(curriculum, objective, beliefs_by_student)
    rows = range(len(room.students))
    seats = {row: _seat(room, row) for row in rows if room.has_answered(row)}
    groups = tuple(_group(room, tier, seats) for tier in TIERS)
    unplaced = tuple(_unplaced(room, row) for row in rows if row not in seats)
    return Grouping(objective, groups, unplaced)


def least_loss(odds: Floats) -> int:
    """The tier with the least expected distance from the true one; when even, the middle one.

    >>> least_loss(np.array([0.45, 0.10, 0.45])), least_loss(np.array([0.6, 0.3, 0.1]))
    (1, 0)
    """
    tiers = np.arange(len(TIERS))
    losses = [round(float(odds @ np.abs(tiers - tier)), ROUNDING) for tier in tiers]
    return min((ON_LEVEL, *map(int, tiers)), key=losses.__getitem__)


def _seat(room: Classroom, row: int) -> tuple[str, SeatedStudent]:
    """A student's tier: on level where there is doubt, for nobody is guessed into another."""
    odds, doubtful = room.odds.tiers[row], doubts(room, row)
    tier = ON_LEVEL if doubtful else least_loss(odds)
    speaks_for = int(odds.argmax()) if doubtful else tier
    support, on_level, advanced = map(float, odds)
    student = SeatedStudent(
        student=room.students[row],
        probabilities=(support, on_level, advanced),
        reasons=(likelihood(room, row, tier), *doubtful, *weightiest(room, row, speaks_for)),
        provisional=bool(doubtful),
        diagnostic=diagnostic(room, row) if doubtful else None,
    )
    return TIERS[tier], student


def _group(room: Classroom, tier: str, seats: Mapping[int, tuple[str, SeatedStudent]]) -> Group:
    rows = [row for row, (seated_in, _) in seats.items() if seated_in == tier]
    needed = focus(room, tier, rows)
    return Group(
        tier=tier,
        students=tuple(seats[row][1] for row in rows),
        focus=needed,
        activities=materials(room, tier, needed),
    )


def _unplaced(room: Classroom, row: int) -> UnplacedStudent:
    return UnplacedStudent(room.students[row], (no_answers(),), diagnostic(room, row))
