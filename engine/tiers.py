"""Tiers: who needs what on one objective, from what each student probably holds.

A tier belongs to one objective and lapses with it. It never comes from demographics, overall
ability or a past tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .beliefs import SkillBelief
from .curriculum import LEVELS, Curriculum
from .explanation import Reason

TIERS = LEVELS
"""support, on-level, advanced: the tiers are named like the levels of activities they work on."""


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
    """Everyone in the tier they need now. Raises `InvalidInput` for an unknown objective."""
    raise NotImplementedError
