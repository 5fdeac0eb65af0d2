"""What is remembered of a class's groups: earlier seats in tiers, and who sat with whom.

A record is a fact of its own, one for each class. A review counts once a day: asking again on the
same day replaces that day's review, so nobody uses up their time in support by a second click.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from engine.errors import Outdated
from engine.tier_review import EarlierSeat

from .answers import Reading

KIND = "group_records"
LAPSE = timedelta(weeks=6)
"""A seat older than this says nothing any more: tiers lapse, as objectives do."""
KEPT_REVIEWS, KEPT_OBJECTIVES, KEPT_GROUPS = 8, 24, 6
ATTEMPTS = 5  # at writing a record that somebody else is writing too

Body = dict[str, Any]


def earlier_seats(
    reading: Reading, class_id: str, objective: str
) -> Mapping[str, Sequence[EarlierSeat]]:
    """Each student's seats at the reviews before today that have not lapsed, oldest first."""
    found: dict[str, list[EarlierSeat]] = {}
    for review in _record(reading, class_id)["tiers"].get(objective, []):
        at = datetime.fromisoformat(review["at"])
        if at.date() >= reading.now.date() or reading.now - at > LAPSE:
            continue
        for student, tier in review["seats"].items():
            seat = EarlierSeat(tier, confirmed=student in review["confirmed"])
            found.setdefault(student, []).append(seat)
    return found


def recent_groupings(reading: Reading, class_id: str) -> list[Body]:
    """The last groupings of a class, the newest first."""
    ids = _record(reading, class_id).get("recent", [])
    found = reading.store.get_many(reading.tenant, "groupings", ids)
    return [found[one] for one in reversed(ids) if one in found]


def remember_grouping(reading: Reading, class_id: str, id: str) -> None:
    """The grouping is the newest of its class."""

    def changed(body: Body) -> None:
        body["recent"] = [*body.get("recent", []), id][-KEPT_REVIEWS:]

    _change(reading, class_id, changed)


def sat_together(reading: Reading, class_id: str) -> dict[frozenset[str], int]:
    """Pairs of students, and how many of the last groupings they shared a group in."""
    found: dict[frozenset[str], int] = {}
    for groups in _record(reading, class_id)["met"]:
        for group in groups:
            for pair in combinations(group, 2):
                found[frozenset(pair)] = found.get(frozenset(pair), 0) + 1
    return found


def remember_review(
    reading: Reading,
    class_id: str,
    objective: str,
    *,
    seats: Mapping[str, str],
    confirmed: Iterable[str],
) -> None:
    """Today's review of an objective is as said, whatever it was before today."""
    review = {
        "at": reading.now.isoformat(),
        "seats": dict(seats),
        "confirmed": sorted(confirmed),
    }

    def changed(body: Body) -> None:
        others = [one for one in body["tiers"].pop(objective, []) if not _is_today(one, reading)]
        body["tiers"][objective] = [*others, review][-KEPT_REVIEWS:]
        while len(body["tiers"]) > KEPT_OBJECTIVES:
            body["tiers"].pop(next(iter(body["tiers"])))

    _change(reading, class_id, changed)


def remember_neighbours(reading: Reading, class_id: str, groups: Sequence[Sequence[str]]) -> None:
    """These students sat together: groups that a teacher confirmed."""

    def changed(body: Body) -> None:
        body["met"] = [*body["met"], [list(some) for some in groups]][-KEPT_GROUPS:]

    _change(reading, class_id, changed)


def _is_today(review: Mapping[str, Any], reading: Reading) -> bool:
    return datetime.fromisoformat(review["at"]).date() == reading.now.date()


def _record(reading: Reading, class_id: str) -> Body:
    found = reading.store.get(reading.tenant, KIND, class_id)
    return found or {"class": class_id, "tiers": {}, "met": [], "version": 0}


def _change(reading: Reading, class_id: str, change: Callable[[Body], None]) -> None:
    """The record changed and kept, however many write it at once."""
    for attempt in range(ATTEMPTS):
        body = _record(reading, class_id)
        change(body)
        try:
            reading.store.put(
                reading.tenant, KIND, class_id, body, now=reading.now, expected=body["version"]
            )
            return
        except Outdated:
            if attempt + 1 == ATTEMPTS:
                raise
