"""A class's policy as kept, and the advice and the plans that follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.approach import Advice, Conditions, advise
from engine.classroom import Classroom
from engine.errors import Fault, InvalidInput
from engine.group_quality import gains, personal_lift, visits
from engine.independence import SEEN, Signals, combined, signals
from engine.requests import Request
from engine.session_plan import SessionPlan, session_plan
from engine.tiers import Grouping

from ..answers import Reading
from ..decisions import class_beliefs, class_tiers, next_activities
from ..equipment import of_classes
from ..groupings.making import grouping_of, room_of

KIND = "policies"
STATED = ("adults", "devices", "independence", "age", "fixed_curriculum", "preparation")
Document = dict[str, Any]
Defaults = Mapping[str, Any]


class Found(NamedTuple):
    """The advice, what it goes by, and what the log shows of the class's independence."""

    conditions: Conditions
    advice: Advice
    habits: Signals


@dataclass(frozen=True, slots=True)
class Lesson:
    """A plan, what it is for, and the groups that it is for."""

    objective: str
    grouping: Grouping
    grouping_id: str | None
    tiered: float
    plan: SessionPlan


def kept_policy(reading: Reading, class_id: str, defaults: Defaults) -> Document:
    """The class's policy; the defaults, at version 0, where nobody has set one."""
    found = reading.store.get(reading.tenant, KIND, class_id)
    since = {"class": class_id, "version": 0, "updated_at": reading.now.isoformat()}
    return {**defaults, **since, **(found or {})}


def check_policy(reading: Reading, policy: Mapping[str, Any]) -> None:
    """Raises `InvalidInput` for objectives that do not exist, or are to be both."""
    known = reading.curriculum.objectives
    faults = [
        Fault(place, objective, "the id of an objective")
        for place in ("differentiated", "personal")
        for objective in policy[place]
        if objective not in known
    ]
    both = set(policy["differentiated"]) & set(policy["personal"])
    faults += [Fault("personal", one, "differentiated or personal, not both") for one in both]
    if faults:
        raise InvalidInput(faults)


def tiered_share(policy: Mapping[str, Any], objective: str) -> float:
    """The share of a lesson on the objective that belongs to the groups."""
    return 0.0 if objective in policy["personal"] else float(policy["tiered_share"])


def approach(reading: Reading, class_id: str, objective: str, policy: Mapping[str, Any]) -> Found:
    """The advice for the class on an objective, and what it goes by: what the teacher stated, what
    the log shows of how independently the class works, and what the evidence says of reach and
    lift."""
    grouping = class_tiers(reading, class_id, objective)
    room = _room(reading, class_id, objective)
    odds = room.odds.tiers[:, 0]
    habits = _habits(reading, room.students)
    stated = {name: policy[name] for name in STATED}
    stated["independence"] = combined(habits, policy["independence"])
    conditions = Conditions(
        students=len(room.students),
        out_of_reach=float(np.mean(odds)) if len(odds) else 0.0,
        lift=personal_lift(room, grouping),
        **stated,
    )
    return Found(conditions, advise(conditions), habits)


def _habits(reading: Reading, students: Sequence[str]) -> Signals:
    deeds = reading.store.deeds(reading.tenant, students, since=reading.now - SEEN)
    return signals(deeds, reading.curriculum, size=len(students), now=reading.now)


def lesson(
    reading: Reading,
    class_id: str,
    objective: str,
    *,
    minutes: float,
    policy: Mapping[str, Any],
    document: Document | None = None,
) -> Lesson:
    """The plan of a lesson, in groups made before (`document`) or by need as of now."""
    room = _room(reading, class_id, objective)
    present = (
        class_tiers(reading, class_id, objective)
        if document is None
        else grouping_of(document, room)
    )
    share = tiered_share(policy, objective)
    plan = session_plan(
        reading.curriculum,
        present,
        minutes=minutes,
        visits=visits(room, present),
        tiered=share,
        personal=_personal(reading, room, objective) if share < 1.0 and minutes > 0 else {},
        gains=gains(room),
        tools=of_classes(reading, [class_id]),
    )
    made_before = None if document is None else str(document["id"])
    return Lesson(objective, present, made_before, share, plan)


def as_document(class_id: str, found: Lesson) -> Document:
    """The plan as it is answered."""
    return {
        "class": class_id,
        "objective": found.objective,
        "grouping": found.grouping_id,
        "tiered_share": found.tiered,
        **asdict(found.plan),
    }


def _personal(reading: Reading, room: Classroom, objective: str) -> dict[str, str]:
    """What each student would do next on their own, within the objective and what it builds on."""
    wish = Request(n=1, objective=objective)
    found = ((one, next_activities(reading, one, wish).candidates) for one in room.students)
    return {student: candidates[0].activity for student, candidates in found if candidates}


def _room(reading: Reading, class_id: str, objective: str) -> Classroom:
    return room_of(reading, objective, class_beliefs(reading, class_id, objective))
