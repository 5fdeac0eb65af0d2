"""Who has a seat in a workshop: kept in one record for each, changed by one at a time.

A record is written only if nobody else has written it since it was read, so however many ask at
once, and by however many servers, no more seats are given out than there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from data.store import workshop_of
from engine.errors import Conflict, Outdated
from engine.requests import Request
from engine.situation import situate
from engine.workshop_gains import workshop_gain
from engine.workshops import Gain, Place, Workshop, seated_first, soonest

from ..answers import Reading
from ..enrolment import enrolled
from ..equipment import at_hand

KIND, SEATS = "workshops", "workshop_seats"
ATTEMPTS = 8  # at writing a record that others are writing too
Body = dict[str, Any]


def places(reading: Reading, student: str, *, keep: bool) -> tuple[Place, ...]:
    """How the student stands with every activity that has few seats.

    With `keep`, seats that are free are given out now, and that is kept; without, it is told how
    they would be.
    """
    limited = [one for one in reading.curriculum.restricted if one.seats is not None]
    if not limited:
        return ()
    workshops = reading.wishes([student])[student].workshops
    return tuple(
        _place(reading, student, one.id, workshops=workshops, keep=keep) for one in limited
    )


def taken(reading: Reading, workshop: Workshop) -> Body:
    """The record of a workshop's seats as it stands; an empty one where none is."""
    found = reading.store.get(reading.tenant, SEATS, workshop.id)
    return found or {"workshop": workshop.id, "taken": [], "given_up": [], "version": 0}


def give_out(reading: Reading, workshop: Workshop) -> Body:
    """The record once the free seats have gone to those who gain most."""

    def filled(body: Body) -> None:
        body["taken"] = [*body["taken"], *_granted(reading, workshop, body)]

    return _changed(reading, workshop, filled)


def seat(reading: Reading, workshop: Workshop, student: str, *, by: str) -> Body:
    """The record with a seat for the student by a teacher's word. Raises `Conflict` where there is
    none left."""

    def seated(body: Body) -> None:
        if any(one["student"] == student for one in body["taken"]):
            return
        if len(body["taken"]) >= workshop.capacity(reading.curriculum):
            raise Conflict(f"all seats of the workshop {workshop.id} are taken: give one up first")
        body["taken"] = [*body["taken"], _seat(reading, student, None, by=by)]
        body["given_up"] = [one for one in body["given_up"] if one != student]

    return _changed(reading, workshop, seated)


def give_up(reading: Reading, workshop: Workshop, student: str) -> Body:
    """The record without a seat for the student, for whom none is kept again."""

    def left(body: Body) -> None:
        body["taken"] = [one for one in body["taken"] if one["student"] != student]
        body["given_up"] = sorted({*body["given_up"], student})

    return _changed(reading, workshop, left)


def as_document(reading: Reading, fact: Body) -> Body:
    """The workshop as it is answered: with its seats."""
    workshop = workshop_of(fact["id"], fact)
    record = taken(reading, workshop)
    known = workshop.activity in reading.curriculum.activities
    capacity = workshop.capacity(reading.curriculum) if known else 0
    shown = {name: value for name, value in fact.items() if name != "student"}
    return {
        **shown,
        "capacity": capacity,
        "free": max(0, capacity - len(record["taken"])),
        "taken": record["taken"],
        "given_up": record["given_up"],
    }


def _place(
    reading: Reading, student: str, activity: str, *, workshops: tuple[Workshop, ...], keep: bool
) -> Place:
    """The best that the student can have of the activity's times: a seat before anything else."""
    found = [
        _at(reading, student, one, keep=keep)
        for one in soonest(workshops, activity=activity, now=reading.now)
    ]
    order = ("seated", "no_gain", "full", "early")
    return min(found, key=lambda one: order.index(one.standing), default=Place(activity))


def _at(reading: Reading, student: str, workshop: Workshop, *, keep: bool) -> Place:
    capacity = workshop.capacity(reading.curriculum)
    record = taken(reading, workshop)
    if len(record["taken"]) < capacity and workshop.is_open(reading.now):
        if keep and not _has_seat(record, student):
            record = give_out(reading, workshop)
        elif not keep:
            record["taken"] = [*record["taken"], *_granted(reading, workshop, record)]
    if _has_seat(record, student):
        standing = "seated"
    elif len(record["taken"]) >= capacity:
        standing = "full"
    else:
        standing = "no_gain" if workshop.is_open(reading.now) else "early"
    times = workshop.starts_at.isoformat(), workshop.ends_at.isoformat()
    return Place(workshop.activity, workshop.id, standing, capacity, *times)


def _has_seat(record: Body, student: str) -> bool:
    return any(one["student"] == student for one in record["taken"])


def _granted(reading: Reading, workshop: Workshop, record: Body) -> Iterator[Body]:
    """The free seats, each for whoever gains most of those who have none."""
    free = workshop.capacity(reading.curriculum) - len(record["taken"])
    if free <= 0:
        return
    class_ = reading.store.get(reading.tenant, "classes", workshop.class_id)
    here = enrolled(class_, reading.now.date()) if class_ else []
    without = {one["student"] for one in record["taken"]} | {*record["given_up"]}
    gains = {
        student: _gain(reading, student, workshop) for student in here if student not in without
    }
    for student in seated_first(gains, workshop=workshop.id, free=free):
        yield _seat(reading, student, gains[student], by="")


def _gain(reading: Reading, student: str, workshop: Workshop) -> Gain:
    situation = situate(
        reading.curriculum,
        reading.beliefs(student),
        history=reading.responses([student])[student],
        bundle=reading.bundle,
        request=Request(intent="learn", tools=at_hand(reading, student)),
        rulings=reading.rulings(student),
        now=reading.now,
    )
    activity = reading.curriculum.activities[workshop.activity]
    if situation.rulings.excluding(activity) is not None:
        return Gain(0.0, 0.0)
    return workshop_gain(situation, activity)


def _seat(reading: Reading, student: str, gain: Gain | None, *, by: str) -> Body:
    return {
        "student": student,
        "gain": gain and gain.workshop,
        "alternative": gain and gain.alternative,
        "by": by,
        "at": reading.now.isoformat(),
    }


def _changed(reading: Reading, workshop: Workshop, change: Callable[[Body], None]) -> Body:
    """The record as changed and kept, however many change it at once."""
    for attempt in range(ATTEMPTS):
        body = taken(reading, workshop)
        before = body["taken"], body["given_up"]
        change(body)
        if (body["taken"], body["given_up"]) == before:
            return body
        try:
            kept, _ = reading.store.put(
                reading.tenant,
                SEATS,
                workshop.id,
                body,
                now=reading.now,
                expected=body["version"],
            )
            return kept
        except Outdated:
            if attempt + 1 == ATTEMPTS:
                raise
    raise AssertionError("unreachable")
