"""Groups decided and kept: whole as they were decided, and as the teacher changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from engine.classroom import Classroom, classroom
from engine.group_quality import quality, visits
from engine.mixed import helping_pairs, manual_groups, mixed_groups
from engine.seat_wishes import SeatWishes, unmet
from engine.tiers import Group, Grouping, SeatedStudent, UnplacedStudent

from ..answers import Reading
from ..decisions import ByStudent, class_beliefs, new_id, provenance, tier_reading, tiers_of
from ..group_record import remember_grouping, remember_review, sat_together
from .schemas import GroupingRequest

Document = dict[str, Any]
KIND = "groupings"
POLICIES = {"need": "need-2", "mixed": "mixed-1", "pairs": "pairs-1", "manual": "manual-1"}
"""Kind → name and version of the rule that seats the class."""
REVIEW, EXPIRY = timedelta(weeks=1), timedelta(weeks=4)
"""How long groups stand before they should be looked at, and before they no longer hold."""


def make_grouping(reading: Reading, class_id: str, request: GroupingRequest) -> Document:
    """The groups, stored whole under a new id; the document that was stored, at version 1."""
    beliefs = class_beliefs(reading, class_id, request.objective)
    grouping = decided(reading, class_id, request, beliefs)
    met = sat_together(reading, class_id)
    inputs = [class_id, request.model_dump(mode="json"), beliefs, sorted(map(sorted, met))]
    revision = reading.store.revision(reading.tenant)
    document = {
        "id": new_id("grp"),
        "class": class_id,
        "kind": request.kind,
        "objective": request.objective,
        "status": "draft",
        **as_document(reading, grouping),
        **figures(reading, class_id, request.objective, grouping, beliefs, request.wishes()),
        **provenance(reading, POLICIES[request.kind], inputs, revision=revision),
        "review_by": (reading.now + REVIEW).isoformat(),
        "expires_at": (reading.now + EXPIRY).isoformat(),
        "request": request.model_dump(mode="json"),
        "confirmed_support": [],
        "changes": [],
        "outcome": [],
    }
    reading.store.save_grouping(reading.tenant, document["id"], document)
    if request.kind == "need":
        remember_review(
            reading, class_id, request.objective, seats=tier_seats(document), confirmed=()
        )
    kept, _ = reading.store.put(reading.tenant, KIND, document["id"], document, now=reading.now)
    remember_grouping(reading, class_id, document["id"])
    return kept


def decided(
    reading: Reading, class_id: str, request: GroupingRequest, beliefs: ByStudent
) -> Grouping:
    """The groups of the kind asked for."""
    course, objective = reading.curriculum, request.objective
    how = tier_reading(reading.bundle)
    if request.kind == "need":
        return tiers_of(reading, class_id, objective, beliefs)
    if request.kind == "manual":
        return manual_groups(course, objective, beliefs, members=request.members, reading=how)
    met, wishes, seed = sat_together(reading, class_id), request.wishes(), request.seed
    if request.kind == "pairs":
        return helping_pairs(
            course, objective, beliefs, wishes=wishes, met=met, seed=seed, reading=how
        )
    return mixed_groups(
        course,
        objective,
        beliefs,
        groups=request.groups,
        size=request.size,
        wishes=wishes,
        met=met,
        seed=seed,
        reading=how,
    )


def as_document(reading: Reading, grouping: Grouping) -> Document:
    """Groups and unplaced students as they are stored, materials of interest first."""
    plain = asdict(grouping)
    for number, group in enumerate(plain["groups"]):
        group["number"], group["tier"] = number, group["tier"] or None
        for seat in group["students"]:
            seat["locked"] = False
        group["activities"] = of_interest(
            reading, group["activities"], [seat["student"] for seat in group["students"]]
        )
    return {"groups": plain["groups"], "unplaced": plain["unplaced"]}


def of_interest(
    reading: Reading, activities: Mapping[str, Sequence[str]], students: Sequence[str]
) -> dict[str, list[str]]:
    """The activities of each modality, those first whose topics most of the students chose."""
    facts = reading.store.get_many(reading.tenant, "students", list(students)).values()
    chosen = [topic for fact in facts for topic in fact.get("interests") or ()]
    topics = reading.curriculum.activities

    def liking(activity: str) -> int:
        return -sum(chosen.count(topic) for topic in topics[activity].topics)

    return {modality: sorted(ids, key=liking) for modality, ids in activities.items()}


def figures(
    reading: Reading,
    class_id: str,
    objective: str,
    grouping: Grouping,
    beliefs: ByStudent,
    wishes: SeatWishes,
) -> Document:
    """How good the groups are, where the teacher goes, and the wishes that could not be had."""
    room = room_of(reading, objective, beliefs)
    met = sat_together(reading, class_id)
    members = [[seat.student for seat in group.students] for group in grouping.groups]
    missed = unmet(wishes, members)
    return {
        "quality": asdict(quality(room, grouping, met=met, seed=0)),
        "visits": [asdict(one) for one in visits(room, grouping)],
        "unmet": [{**asdict(one), "students": list(one.students)} for one in missed],
    }


def grouping_of(document: Mapping[str, Any], room: Classroom) -> Grouping:
    """Groups as kept, as the engine knows them: without those who have left the class since, and
    without activities that are gone."""
    here, known = frozenset(room.students), room.curriculum.activities
    groups = tuple(
        Group(
            tier=group["tier"] or "",
            students=tuple(
                SeatedStudent(seat["student"], tuple(seat["probabilities"]), ())
                for seat in group["students"]
                if seat["student"] in here
            ),
            focus=tuple(group["focus"]),
            activities={
                kind: tuple(one for one in ids if one in known)
                for kind, ids in group["activities"].items()
            },
        )
        for group in document["groups"]
    )
    left = (one for one in document["unplaced"] if one["student"] in here)
    unplaced = tuple(UnplacedStudent(one["student"], (), one["diagnostic"]) for one in left)
    return Grouping(document["objective"], groups, unplaced)


def tier_seats(document: Mapping[str, Any]) -> dict[str, str]:
    """Student → tier, of everybody who sits in one."""
    return {
        seat["student"]: group["tier"]
        for group in document["groups"]
        for seat in group["students"]
        if group["tier"]
    }


def room_of(reading: Reading, objective: str, beliefs: ByStudent) -> Classroom:
    """The class on the objective, beliefs read as the model asks for."""
    how = tier_reading(reading.bundle)
    return classroom(reading.curriculum, objective, beliefs, reading=how)
