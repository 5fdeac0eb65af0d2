"""What an override would change, found by deciding twice: without it and with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from data.store import Store
from engine.overrides import Override, rulings
from engine.policy import Recommendation
from engine.requests import Request
from engine.tiers import Grouping

from ..answers import Reading
from ..decisions import next_activities, student_tier
from ..kept import Beliefs
from .seats import group_moves

Document = dict[str, Any]


def preview(reading: Reading, override: Override, students: Sequence[str]) -> Document:
    """The changes for each student, and the overrides it would displace. Keeps nothing."""
    supposed = replace(reading, supposed=(override,))
    return {
        "displaces": displaced(reading.store, reading.tenant, override, students),
        "students": [_of_student(reading, supposed, override, student) for student in students],
    }


def displaced(store: Store, tenant: str, override: Override, students: Sequence[str]) -> list[str]:
    """The ids of the overrides that no longer hold for some student because of this newer one."""
    curriculum, wishes = store.curriculum(tenant), store.wishes(tenant, students)
    found = [
        rulings(
            (*wishes[student].overrides, override),
            curriculum,
            student=student,
            at=override.said_at,
            classes=wishes[student].classes,
        )
        for student in students
    ]
    lost = (one for said in found for one in said.displaced)
    return sorted({one.older.id for one in lost if one.newer.id == override.id})


def _of_student(now: Reading, then: Reading, override: Override, student: str) -> Document:
    before, after = (next_activities(reading, student, Request()) for reading in (now, then))
    return {
        "student": student,
        "status": _pair(before.status, after.status),
        "next": _pair(_offered(before), _offered(after)),
        "blocked": _pair(_waiting(before), _waiting(after)),
        "states": list(_states(now.beliefs(student), then.beliefs(student))),
        "tiers": list(_tiers(now, then, override, student)),
        "groups": list(group_moves(now, override)),
    }


def _pair(before: object, after: object) -> Document:
    return {"before": before, "after": after}


def _offered(recommendation: Recommendation) -> list[str]:
    return [candidate.activity for candidate in recommendation.candidates]


def _waiting(recommendation: Recommendation) -> list[str]:
    return [blocked.skill for blocked in recommendation.blocked if blocked.activity is None]


def _states(before: Beliefs, after: Beliefs) -> Iterator[Document]:
    for skill, belief in after.items():
        if belief.state != before[skill].state:
            yield {"skill": skill, **_pair(before[skill].state, belief.state)}


def _tiers(now: Reading, then: Reading, override: Override, student: str) -> Iterator[Document]:
    """The objectives on which the student would sit elsewhere."""
    for objective in _objectives(now, override):
        seated = (student_tier(reading, student, objective) for reading in (now, then))
        before, after = (_tier(grouping, student) for grouping in seated)
        if before != after:
            yield {"objective": objective, **_pair(before, after)}


def _objectives(reading: Reading, override: Override) -> list[str]:
    """The objectives that a move or a word on a state can bear on."""
    if override.kind == "move":
        return [override.objective] if override.objective else []
    if override.kind != "set_state":
        return []
    curriculum = reading.curriculum
    return [key for key in curriculum.objectives if override.skill in curriculum.scope(key)]


def _tier(grouping: Grouping, student: str) -> str | None:
    seats: Mapping[str, str] = {
        seat.student: group.tier for group in grouping.groups for seat in group.students
    }
    return seats.get(student)
