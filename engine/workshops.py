"""Workshops: an activity with few seats, held for a class at a time, and who is given a seat.

A seat goes where it changes most: to whoever gains most beyond what they would gain by the best
other thing they could do meanwhile. What one gains of an activity is the P(mastered) it should
add, over the skills it teaches that are open and not secure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from .chance import Chance
from .curriculum import Curriculum
from .errors import Fault, InvalidInput

OPENS = timedelta(minutes=15)
"""How long before it begins seats are given out: late enough to go by what is known by then, early
enough to be on time. Judgement."""
MOST_SEATS = 1000


@dataclass(frozen=True, slots=True)
class Workshop:
    """One time at which a class can do an activity that has few seats.

    `seats`: how many this time; None: as many as the activity says.
    """

    id: str
    class_id: str
    activity: str
    starts_at: datetime
    ends_at: datetime
    seats: int | None = None

    def checked(self, curriculum: Curriculum) -> Workshop:
        """The same workshop, once it can be held. Raises `InvalidInput` naming every fault."""
        faults = list(self._faults(curriculum))
        if faults:
            raise InvalidInput(faults)
        return self

    def _faults(self, curriculum: Curriculum) -> Iterator[Fault]:
        activity = curriculum.activities.get(self.activity)
        if activity is None:
            yield Fault("activity", self.activity, "the id of an activity")
        elif activity.seats is None:
            yield Fault("activity", self.activity, "an activity that says how many `seats` it has")
        if self.seats is not None and not 1 <= self.seats <= MOST_SEATS:
            yield Fault("seats", str(self.seats), f"a whole number from 1 to {MOST_SEATS}")
        if self.ends_at <= self.starts_at:
            yield Fault("ends_at", self.ends_at.isoformat(), "a time after `starts_at`")

    def capacity(self, curriculum: Curriculum) -> int:
        """How many can take part."""
        of_activity = curriculum.activities[self.activity].seats or 0
        return of_activity if self.seats is None else self.seats

    def is_open(self, now: datetime) -> bool:
        """Whether seats are given out."""
        return self.starts_at - OPENS <= now < self.ends_at


class Place(NamedTuple):
    """How a student stands with an activity that has few seats.

    standing  `seated`, `full`, `early` (seats are not given out yet), `no_gain` (there would be a
              seat, but nothing to gain by it, or more by something else), `none` (no time is set
              in the student's classes)
    seats     how many there are; `starts`, `until` the times, ISO 8601; "" where there is none
    """

    activity: str
    workshop: str | None = None
    standing: str = "none"
    seats: int = 0
    starts: str = ""
    until: str = ""

    @property
    def is_seated(self) -> bool:
        return self.standing == "seated"

    def spoken(self, time: str) -> str:
        """One of its times as sentences say it; "" where there is none.

        >>> Place("circle").spoken("2026-11-28T18:48:07.559588+00:00")
        '18:48 (UTC) on 2026-11-28'
        """
        if not time:
            return ""
        at = datetime.fromisoformat(time).astimezone(UTC)
        return f"{at:%H:%M} (UTC) on {at.date().isoformat()}"


NO_PLACES: tuple[Place, ...] = ()


class Gain(NamedTuple):
    """What a student gains by a workshop, and by the best other thing they could do meanwhile."""

    workshop: float
    alternative: float

    @property
    def is_worth_it(self) -> bool:
        """Whether the workshop helps at least as much as anything else, but for rounding."""
        return self.workshop > 0.0 and self.workshop >= self.alternative * (1.0 - 1e-9)


def seated_first(gains: Mapping[str, Gain], *, workshop: str, free: int) -> list[str]:
    """The students who are given the free seats: the largest gains over the alternative.

    Of those who gain as much, whoever gains more by the workshop itself; then by chance, so that
    no name comes first. Who gains nothing by it, or more by something else, is given none,
    however many are left.

    >>> gains = {"ana": Gain(0.2, 0.1), "ben": Gain(0.3, 0.3), "eli": Gain(0.1, 0.2)}
    >>> seated_first(gains, workshop="w1", free=1), seated_first(gains, workshop="w1", free=3)
    (['ana'], ['ana', 'ben'])
    """

    def order(student: str) -> tuple[float, float, float]:
        gain = gains[student]
        draw = Chance(f"{workshop} {student}", 0).uniform("seat")
        return gain.alternative - gain.workshop, -gain.workshop, draw

    gaining = [student for student, gain in gains.items() if gain.is_worth_it]
    return sorted(gaining, key=order)[: max(free, 0)]


def soonest(workshops: Iterable[Workshop], *, activity: str, now: datetime) -> Sequence[Workshop]:
    """The times of an activity that are not over, the first to begin first."""
    ahead = (one for one in workshops if one.activity == activity and now < one.ends_at)
    return sorted(ahead, key=lambda one: (one.starts_at, one.id))
