"""What a tier works on: the skills its students lack most, activities at its level, diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .classroom import Classroom
from .curriculum import Activity
from .states import SECURE

FOCUS_SKILLS = 3  # more than three things to work on is not a focus


def focus(room: Classroom, tier: str, rows: Sequence[int]) -> tuple[str, ...]:
    """Up to three skills that most of these students lack, the most lacked first.

    Support looks among the prerequisites, the other tiers among the targets. Skills that the
    group holds on average are left out; a group of nobody lacks nothing.
    """
    skills = (tier == "support" and room.prerequisites) or room.targets
    if not rows:
        return ()
    mastery = {s: float(np.mean([room.belief(row, s).p_mastery for row in rows])) for s in skills}
    lacked = [skill for skill in skills if mastery[skill] < SECURE]
    return tuple(sorted(lacked, key=mastery.__getitem__)[:FOCUS_SKILLS])


def materials(room: Classroom, tier: str, needed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Activities at the tier's level by modality: on what the group lacks, then on the targets."""
    found: dict[str, list[str]] = {}
    for activity in _activities(room, dict.fromkeys([*needed, *room.targets])):
        if activity.level == tier and not activity.assesses:
            found.setdefault(activity.modality, []).append(activity.id)
    return {modality: tuple(ids) for modality, ids in found.items()}


def mixed_materials(room: Classroom, needed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Activities by modality for a group in which every level sits: of all levels, checks apart."""
    found: dict[str, list[str]] = {}
    for activity in _activities(room, dict.fromkeys([*needed, *room.targets])):
        if not activity.assesses:
            found.setdefault(activity.modality, []).append(activity.id)
    return {modality: tuple(ids) for modality, ids in found.items()}


def diagnostic(room: Classroom, row: int) -> str | None:
    """The activity whose answers should say most about a student's tier; None: none asks."""
    for k in np.argsort(-room.odds.worth[row], kind="stable"):
        asking = [a for a in room.curriculum.activities_for(room.skills[k]) if a.items]
        if asking:
            return min(asking, key=_as_check).id
    return None


def _as_check(activity: Activity) -> tuple[bool, bool, bool, str]:
    """A check first, one that needs no teacher, on level; the id settles ties."""
    return (
        not activity.assesses,
        activity.teacher_led,
        activity.level != "on-level",
        activity.id,
    )


def _activities(room: Classroom, skills: Iterable[str]) -> list[Activity]:
    """The activities for several skills, each once."""
    found = {a.id: a for skill in skills for a in room.curriculum.activities_for(skill)}
    return list(found.values())
