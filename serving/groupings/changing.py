"""What a teacher changes about groups: moves, locks, confirmation, the end; and what came of them.

A move between tiers is an override as well: it says where the student sits on this objective, with
the teacher's reason, and wins at the next review until it expires.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.errors import Conflict, Fault, InvalidInput
from engine.explanation import Code, note
from engine.seat_wishes import SeatWishes
from engine.tiers import TIERS

from ..answers import Reading, evidence
from ..decisions import class_beliefs, class_tiers, new_id
from ..group_record import remember_neighbours, remember_review
from ..overrides.schemas import HOLDS
from .making import KIND, figures, grouping_of, of_interest, room_of, tier_seats
from .schemas import GroupingChange

Document = dict[str, Any]
FOLLOWS = {"draft": ("confirmed", "ended"), "confirmed": ("ended",)}
"""Status → what may follow it."""


def status_at(document: Document, now: datetime) -> str:
    """The status as it stands: groups that nobody ended end by themselves."""
    if document["status"] != "ended" and now >= datetime.fromisoformat(document["expires_at"]):
        return "expired"
    return str(document["status"])


def change_grouping(
    reading: Reading,
    document: Document,
    change: GroupingChange,
    *,
    by: str,
    expected: int | None,
    said: bool = False,
) -> Document:
    """The grouping as changed and stored. `said`: the override that the moves are is kept already.

    Raises `InvalidInput` for what cannot be meant, `Conflict` for what its status or a lock does
    not allow, `Outdated` where somebody else changed it since; nothing is changed then.
    """
    after = moved(reading, document, change)
    after["confirmed_support"] = sorted({*after["confirmed_support"], *change.confirm_support})
    if change.status:
        after["status"] = change.status
    if change.status == "ended":
        after["outcome"] = outcome(reading, after)
    what = change.model_dump(mode="json", exclude_defaults=True, exclude={"reason"})
    told = {"at": reading.now.isoformat(), "by": by, "what": what, "reason": change.reason}
    after["changes"] = [*document["changes"], told]
    kept, _ = reading.store.put(
        reading.tenant,
        KIND,
        document["id"],
        after,
        now=reading.now,
        author=by,
        expected=document["version"] if expected is None else expected,
    )
    _remember(reading, kept, change, by)
    if not said:
        _override_moves(reading, kept, change, by)
    return kept


def moved(reading: Reading, document: Document, change: GroupingChange) -> Document:
    """The grouping with the change's locks and moves, its figures anew; nothing is kept.

    Raises as `change_grouping`.
    """
    _check(document, change, status_at(document, reading.now))
    after = copy.deepcopy(document)
    _lock(after, change)
    for move in change.moves:
        _move(after, move.student, move.to)
    return after | _figures_anew(reading, after) if change.moves else after


def outcome(reading: Reading, document: Document) -> list[Document]:
    """For each group: answers since it was decided beside what was expected, skills before and
    now, and who a review now would seat elsewhere."""
    since = datetime.fromisoformat(document["decided_at"])
    skills = reading.curriculum.scope(document["objective"])
    now = tier_seats_now(reading, document)
    return [_group_outcome(reading, group, since, skills, now) for group in document["groups"]]


def tier_seats_now(reading: Reading, document: Document) -> dict[str, str]:
    """Where a review now would seat each student, of those who would be in a tier."""
    found = class_tiers(reading, document["class"], document["objective"])
    return {seat.student: group.tier for group in found.groups for seat in group.students}


def _check(document: Document, change: GroupingChange, status: str) -> None:
    faults = list(_faults(document, change))
    if faults:
        raise InvalidInput(faults)
    if status in ("ended", "expired"):
        raise Conflict(f"the grouping has {status}; make a new one")
    if change.status and change.status not in FOLLOWS[status]:
        raise Conflict(f"the grouping is {status} already")
    locked = {
        seat["student"]
        for group in document["groups"]
        for seat in group["students"]
        if seat["locked"]
    } - set(change.unlock)
    held = [move.student for move in change.moves if move.student in locked]
    if held:
        raise Conflict(f"locked: {', '.join(held)}; unlock them in the same change to move them")


def _faults(document: Document, change: GroupingChange) -> Iterator[Fault]:
    seated = {seat["student"] for group in document["groups"] for seat in group["students"]}
    known = seated | {one["student"] for one in document["unplaced"]}
    for number, move in enumerate(change.moves):
        if move.student not in known:
            yield Fault(f"moves.{number}.student", move.student, "a student of this grouping")
        if move.to is not None and move.to >= len(document["groups"]):
            numbers = f"a group's number, 0 to {len(document['groups']) - 1}, or null"
            yield Fault(f"moves.{number}.to", str(move.to), numbers)
    if change.moves and document["kind"] == "need" and not change.reason.strip():
        yield Fault("reason", change.reason, "why, in words, for whoever reads it")
    for place, named in (("lock", change.lock), ("unlock", change.unlock)):
        for student in named:
            if student not in seated:
                yield Fault(place, student, "a student who sits in a group")
    support = {s for s, tier in tier_seats(document).items() if tier == TIERS[0]}
    for student in change.confirm_support:
        if student not in support:
            yield Fault("confirm_support", student, "a student who sits in support")


def _lock(document: Document, change: GroupingChange) -> None:
    for group in document["groups"]:
        for seat in group["students"]:
            if seat["student"] in change.unlock:
                seat["locked"] = False
            if seat["student"] in change.lock:
                seat["locked"] = True


def _move(document: Document, student: str, to: int | None) -> None:
    """The student sits in the group, with the odds as they were and the teacher's word first."""
    seat = _taken_out(document, student)
    if to is None:
        left = {"student": student, "reasons": seat["reasons"], "diagnostic": seat["diagnostic"]}
        document["unplaced"].append(left)
        return
    tier = document["groups"][to]["tier"]
    word = note(Code.MOVED, {"tier": tier.replace("-", " ")}) if tier else note(Code.CHOSEN, {})
    first = {"code": str(word.code), "weight": word.weight, "text": word.text}
    rest = [one for one in seat["reasons"] if one["code"] not in (Code.MOVED, Code.CHOSEN)]
    document["groups"][to]["students"].append({**seat, "reasons": [first, *rest]})


def _taken_out(document: Document, student: str) -> Document:
    for group in document["groups"]:
        for seat in group["students"]:
            if seat["student"] == student:
                group["students"].remove(seat)
                return dict(seat)
    left = next(one for one in document["unplaced"] if one["student"] == student)
    document["unplaced"].remove(left)
    odds = {"probabilities": [0.0, 0.0, 0.0], "provisional": True, "locked": False}
    return {**left, **odds}


def _figures_anew(reading: Reading, document: Document) -> Document:
    beliefs = class_beliefs(reading, document["class"], document["objective"])
    asked = document["request"]
    wishes = SeatWishes(
        tuple(map(tuple, asked["apart"])), tuple(map(tuple, asked["together"])), asked["locked"]
    )
    room = room_of(reading, document["objective"], beliefs)
    present = grouping_of(document, room)
    for group in document["groups"]:
        students = [seat["student"] for seat in group["students"]]
        group["activities"] = of_interest(reading, group["activities"], students)
    return figures(reading, document["class"], document["objective"], present, beliefs, wishes)


def _remember(reading: Reading, document: Document, change: GroupingChange, by: str) -> None:
    """What later groups go by: moves as overrides, the review as it stands, who sat together."""
    if document["kind"] == "need":
        tiers = tier_seats(document)
        if change.moves or change.confirm_support:
            moved = {move.student for move in change.moves}
            word = [s for s in tiers if s in moved or s in document["confirmed_support"]]
            remember_review(
                reading, document["class"], document["objective"], seats=tiers, confirmed=word
            )
    elif change.status == "confirmed":
        members = [[seat["student"] for seat in group["students"]] for group in document["groups"]]
        remember_neighbours(reading, document["class"], members)


def _override_moves(reading: Reading, document: Document, change: GroupingChange, by: str) -> None:
    """Each student moved to a group is moved by a teacher's word: an override as any other."""
    for move in change.moves:
        if move.to is None:
            continue
        tier = document["groups"][move.to]["tier"]
        if tier:
            where = {"objective": document["objective"], "tier": tier}
        else:
            where = {"grouping": document["id"], "group": move.to}
        _override(reading, move.student, where, change.reason, by)


def _override(
    reading: Reading, student: str, where: Mapping[str, str | int], reason: str, by: str
) -> None:
    body = {
        "kind": "move",
        "student": student,
        **where,
        "reason": reason,
        "by": by,
        "said_at": reading.now.isoformat(),
        "expires_at": (reading.now + HOLDS).isoformat(),
    }
    reading.store.put(
        reading.tenant, "overrides", new_id("ovr"), body, now=reading.now, author=by, expected=0
    )


def _group_outcome(
    reading: Reading,
    group: Document,
    since: datetime,
    skills: Sequence[str],
    now: dict[str, str],
) -> Document:
    students = [seat["student"] for seat in group["students"]]
    steps = [
        step
        for student in students
        for skill in skills
        for step in evidence(reading, student, skill)
        if step.response.occurred_at > since
    ]
    before = [reading.beliefs(student, since)[skill] for student in students for skill in skills]
    after = [reading.beliefs(student)[skill] for student in students for skill in skills]
    pairs = list(zip(before, after, strict=True))
    own = group["tier"]
    return {
        "number": group["number"],
        "tier": own,
        "students": len(students),
        "answers": len(steps),
        "right": _mean([step.response.correct for step in steps]),
        "expected": _mean([step.p_correct for step in steps]),
        "held_before": _mean([belief.counted for belief in before]),
        "held_now": _mean([belief.counted for belief in after]),
        "newly_secure": sum(b.state != "secure" and a.state == "secure" for b, a in pairs),
        "moved_up": sum(_steps(own, now.get(student)) > 0 for student in students),
        "moved_down": sum(_steps(own, now.get(student)) < 0 for student in students),
    }


def _steps(before: str | None, now: str | None) -> int:
    if before is None or now is None:
        return 0
    return TIERS.index(now) - TIERS.index(before)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
