"""What Trellis decides: groups for a class and next activities for a student.

`class_tiers` and `next_activities` decide and keep nothing; pages show them. `make_recommendation`
(and `groupings.making`) decide the same and store it whole, with the versions of model and policy
and the hash of everything it was decided from, so that it can be explained and audited later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import uuid4

from engine.beliefs import SkillBelief
from engine.bundle import Bundle
from engine.chance import Chance
from engine.choice import prices
from engine.curriculum import Curriculum
from engine.goals import Goal
from engine.overrides import Rulings
from engine.policy import Recommendation, recommend
from engine.requests import Request
from engine.responses import Response
from engine.tier_reading import TierReading
from engine.tiers import Grouping, need_groups
from engine.workshops import NO_PLACES, Place

from .answers import Reading, class_mastery, student_mastery
from .equipment import at_hand
from .group_record import earlier_seats
from .workshops.seats import places

Document = dict[str, Any]
ByStudent = Mapping[str, Mapping[str, SkillBelief]]
HOLDS = timedelta(days=14)
"""How long a recommendation waits to be acted on; then it has expired, and is still on record."""


class Basis(NamedTuple):
    """All that a recommendation is decided from, but for the request."""

    student: str
    curriculum: Curriculum
    beliefs: Mapping[str, SkillBelief]
    history: Sequence[Response]
    bundle: Bundle
    rulings: Rulings
    goals: Sequence[Goal]
    now: datetime
    places: Sequence[Place] = NO_PLACES


def decided(basis: Basis, request: Request) -> Recommendation:
    """What the student should do next: the same basis and request, the same answer to the bit."""
    return recommend(
        basis.curriculum,
        basis.beliefs,
        history=basis.history,
        bundle=basis.bundle,
        request=request,
        chance=Chance(basis.student, len(basis.history)),
        rulings=basis.rulings,
        goals=basis.goals,
        now=basis.now,
        places=basis.places,
    )


def class_tiers(reading: Reading, class_id: str, objective: str) -> Grouping:
    """Who of a class needs support, is on level or ahead on an objective, decided now."""
    beliefs = class_beliefs(reading, class_id, objective)
    return tiers_of(reading, class_id, objective, beliefs)


def class_beliefs(reading: Reading, class_id: str, objective: str) -> ByStudent:
    """What is believed of every student of a class on an objective, in the order of the roster."""
    mastery = class_mastery(reading, class_id, objective=objective)
    return {student.student: student.skills for student in mastery.students}


def student_tier(
    reading: Reading, student_id: str, objective: str, *, class_id: str | None = None
) -> Grouping:
    """Where one student belongs: the group that `class_tiers` seats them in."""
    mastery = student_mastery(reading, student_id, objective=objective)
    return tiers_of(reading, class_id, objective, {student_id: mastery.skills})


def tiers_of(
    reading: Reading, class_id: str | None, objective: str, beliefs: ByStudent
) -> Grouping:
    """The tiers of these students, by the reviews before, the teacher's moves and the evidence."""
    return need_groups(
        reading.curriculum,
        objective,
        beliefs,
        moves=_moves(reading, list(beliefs), objective),
        record=earlier_seats(reading, class_id, objective) if class_id else {},
        reading=tier_reading(reading.bundle),
    )


def tier_reading(bundle: Bundle) -> TierReading | None:
    """How the model's beliefs are to be read for tiers, if its training learnt that."""
    learnt = bundle.facts.get("tier_reading")
    return TierReading(**learnt) if learnt else None


def next_activities(reading: Reading, student_id: str, request: Request) -> Recommendation:
    """What a student should do next and why, decided now.

    Chance is drawn by the number of responses that count so far: asking again without new evidence
    gives the same advice, so nobody can shop for another answer, and a page agrees with the API.
    """
    return decided(basis_of(reading, student_id), equipped(reading, student_id, request))


def make_recommendation(reading: Reading, student_id: str, request: Request) -> Document:
    """The same recommendation, stored whole under a new id; the document that was stored."""
    request = equipped(reading, student_id, request)
    found = basis_of(reading, student_id, keep=True)
    recommendation, history = decided(found, request), found.history
    asked, wishes = asdict(request), reading.wishes([student_id])[student_id]
    stamp = reading.stamp(student_id)
    basis = {
        **stamp._asdict(),
        "classes": sorted(wishes.classes),
        "wishes": wishes.versions,
        "places": [place._asdict() for place in found.places],
    }
    inputs = [student_id, asked, _said(history), basis, reading.now]
    document = {
        "id": new_id("rec"),
        "student": student_id,
        "request": asked,
        **as_document(recommendation),
        **provenance(reading, recommendation.policy, inputs, revision=stamp.revision),
        "expires_at": (reading.now + HOLDS).isoformat(),
        "basis": basis,
    }
    reading.store.save_recommendation(reading.tenant, document["id"], document)
    return document


def as_document(recommendation: Recommendation) -> Document:
    """The decision as it is stored."""
    decision: Document = _as_dicts(recommendation)
    for goal in decision["goals"]:
        goal["deadline"] = goal["deadline"] and goal["deadline"].isoformat()
    for candidate, price in zip(
        decision["candidates"], prices(recommendation.candidates), strict=True
    ):
        candidate["price"] = asdict(price)
    return decision


def _as_dicts(value: Any) -> Any:
    """As `asdict`, for records of what never changes: nothing is copied, in a third of the time."""
    if isinstance(value, tuple):
        return tuple(map(_as_dicts, value))
    names = _fields(value.__class__)
    if names is None:
        return value
    return {name: _as_dicts(getattr(value, name)) for name in names}


@cache
def _fields(kind: type[Any]) -> tuple[str, ...] | None:
    """The names of a record's fields; None for anything else."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None


def _moves(reading: Reading, students: Iterable[str], objective: str) -> dict[str, str]:
    """The students whom a teacher seated in a tier of the objective."""
    found = ((student, reading.rulings(student).moves.get(objective)) for student in students)
    return {student: move.tier for student, move in found if move is not None and move.tier}


def basis_of(reading: Reading, student_id: str, *, keep: bool = False) -> Basis:
    """What a decision about the student rests on now; with `keep`, free seats are given out."""
    reading.gather([student_id])
    return Basis(
        student_id,
        reading.curriculum,
        reading.beliefs(student_id),
        reading.responses([student_id])[student_id],
        reading.bundle,
        reading.rulings(student_id),
        reading.wishes([student_id])[student_id].goals,
        reading.now,
        places(reading, student_id, keep=keep),
    )


def equipped(reading: Reading, student_id: str, request: Request) -> Request:
    """The request with what is at hand, as the request says or else student and classes do."""
    if request.tools is not None:
        return request
    return replace(request, tools=at_hand(reading, student_id))


def new_id(prefix: str) -> str:
    """An id that nothing else has."""
    return f"{prefix}_{uuid4().hex}"


def provenance(reading: Reading, policy: str, inputs: object, *, revision: int) -> Document:
    """What a decision rests on: when it was made, by which versions (`revision` of the
    curriculum), from which inputs."""
    return {
        "decided_at": reading.now.isoformat(),
        "model": reading.bundle.version,
        "policy": policy,
        "curriculum_revision": revision,
        "inputs_hash": _hash([reading.bundle.version, policy, revision, inputs]),
    }


def _hash(inputs: object) -> str:
    """SHA-256 of values as canonical JSON: equal inputs, equal hash."""
    text = json.dumps(inputs, sort_keys=True, default=_plain, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(history: Sequence[Response]) -> list[object]:
    """The responses for `_hash`, their times as numbers: a fifth of the time of writing them out.

    A float holds microseconds exactly for another two centuries.
    """
    return [
        (r.id, r.skills, r.correct, r.occurred_at.timestamp(), r.item, r.activity) for r in history
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, SkillBelief):
        return asdict(value)
    raise TypeError(f"no plain form for {type(value).__name__}")
