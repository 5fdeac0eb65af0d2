"""Which objective a class is working on, read from what was answered most recently."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from engine.beliefs import SkillBelief
from engine.curriculum import Curriculum

RECENT = timedelta(days=14)
"""Two school weeks: long enough to outlast a week of holidays, short enough to mean now."""


def current_objective(curriculum: Curriculum, beliefs: Iterable[SkillBelief]) -> str | None:
    """The objective whose own skills were answered lately for the most students.

    Ties go to the later one in the course; before any answer, the first; without objectives None.
    """
    dated = [(b.skill, b.last_at) for b in beliefs if b.last_at is not None]
    if not curriculum.objectives:
        return None
    if not dated:
        return next(iter(curriculum.objectives))
    recent = _recent(dated)
    shares = {
        key: sum(recent.get(skill, 0) for skill in one.skills) / max(len(one.skills), 1)
        for key, one in curriculum.objectives.items()
    }
    return max(reversed(list(shares)), key=shares.__getitem__)


def _recent(dated: list[tuple[str, datetime]]) -> dict[str, int]:
    """How many students answered on each skill within two weeks of the newest answer."""
    since = max(at for _, at in dated) - RECENT
    counts: dict[str, int] = {}
    for skill, at in dated:
        if at >= since:
            counts[skill] = counts.get(skill, 0) + 1
    return counts
