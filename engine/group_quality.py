"""How good groups are beside groups drawn at random, and where the teacher is needed most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .chance import shuffled
from .classroom import Classroom
from .mixed import HOLDS, Pairs, standardised
from .seating import Flags
from .states import SECURE
from .tier_odds import Floats
from .tiers import Grouping

RANDOM_GROUPINGS = 64  # drawn for comparison: the standard error of their mean is an eighth of one


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of a set of groups.

    smallest, largest   group sizes, empty tiers left out
    spread              mean squared distance of a group's mean from the class's, in squared sd
    random_spread       the same for groups of the same sizes drawn at random
    coverage            share of (group, target skill) with somebody who probably holds it
    random_coverage     the same drawn at random
    repeats             pairs that sat together before
    """

    smallest: int
    largest: int
    spread: float
    random_spread: float
    coverage: float
    random_coverage: float
    repeats: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A group, by its number, that gains from the teacher; the skill to teach, and how much: the
    sum over its students of what they probably lack of it and are ready for."""

    group: int
    skill: str
    gain: float


def quality(room: Classroom, grouping: Grouping, *, met: Pairs, seed: int) -> Quality:
    """The figures of a grouping of this class. A class of nobody has zeros throughout."""
    rows = {student: row for row, student in enumerate(room.students)}
    seats = [[rows[seat.student] for seat in group.students] for group in grouping.groups]
    filled = [some for some in seats if some]
    level, holds = standardised(room.held), _holds(room)
    spread, coverage = _figures(level, holds, filled)
    drawn = [_figures(level, holds, some) for some in _at_random(filled, seed)]
    sizes = [len(some) for some in filled]
    return Quality(
        smallest=min(sizes, default=0),
        largest=max(sizes, default=0),
        spread=spread,
        random_spread=float(np.mean([one[0] for one in drawn])) if drawn else 0.0,
        coverage=coverage,
        random_coverage=float(np.mean([one[1] for one in drawn])) if drawn else 0.0,
        repeats=_repeats(room.students, filled, met),
    )


def visits(room: Classroom, grouping: Grouping) -> tuple[Visit, ...]:
    """Where the teacher's time does most good, the greatest gain first; groups that would gain
    nothing are left out."""
    found = [
        _visit(room, number, [room.students.index(seat.student) for seat in group.students])
        for number, group in enumerate(grouping.groups)
    ]
    return tuple(sorted((one for one in found if one), key=lambda v: (-v.gain, v.group)))


def gains(room: Classroom) -> dict[str, dict[str, float]]:
    """Student → skill → what they lack of it, as far as they hold what it builds on."""
    columns = range(len(room.skills))
    return {
        student: {room.skills[at]: _gain(room, room.held[row], at) for at in columns}
        for row, student in enumerate(room.students)
    }


def personal_lift(room: Classroom, grouping: Grouping) -> float:
    """What a student gains more, on average, by their own best skill than by their group's: as
    probability of a skill. A class of nobody gains nothing."""
    best = {one.group: room.skills.index(one.skill) for one in visits(room, grouping)}
    found = []
    for number, group in enumerate(grouping.groups):
        for seat in group.students:
            held = room.held[room.students.index(seat.student)]
            gains = [_gain(room, held, column) for column in range(len(room.skills))]
            if gains:
                found.append(max(gains) - (gains[best[number]] if number in best else 0.0))
    return float(np.mean(found)) if found else 0.0


def _visit(room: Classroom, number: int, rows: Sequence[int]) -> Visit | None:
    """The skill whose teaching this group would gain most by."""
    if not rows or not room.skills:
        return None
    held = room.held[list(rows)]
    gains = {
        skill: float(sum(_gain(room, held[one], column) for one in range(len(rows))))
        for column, skill in enumerate(room.skills)
    }
    best = max(gains, key=gains.__getitem__)
    return Visit(number, best, gains[best]) if gains[best] > 0.0 else None


def _gain(room: Classroom, held: Floats, column: int) -> float:
    """What one student lacks of a skill, as far as they hold what it builds on."""
    if held[column] >= SECURE:
        return 0.0
    before = room.curriculum.skills[room.skills[column]].prerequisites
    ready = [held[room.skills.index(one)] for one in before if one in room.skills]
    return float((1.0 - held[column]) * np.prod(ready))


def _holds(room: Classroom) -> Flags:
    return room.held[:, len(room.prerequisites) :] >= HOLDS


def _figures(level: Floats, holds: Flags, seats: Sequence[Sequence[int]]) -> tuple[float, float]:
    if not seats:
        return 0.0, 0.0
    away = [float((level[list(some)].mean(axis=0) ** 2).sum()) for some in seats]
    covered = [float(holds[list(some)].any(axis=0).mean()) for some in seats if holds.shape[1]]
    return float(np.mean(away)), float(np.mean(covered)) if covered else 0.0


def _at_random(seats: Sequence[Sequence[int]], seed: int) -> list[list[list[int]]]:
    """The same students in groups of the same sizes, drawn so many times."""
    everybody = np.array([row for some in seats for row in some], np.int64)
    cuts = np.cumsum([len(some) for some in seats])[:-1]
    orders = [
        shuffled(len(everybody), seed=seed, purpose=f"random groups {draw}")
        for draw in range(RANDOM_GROUPINGS if seats else 0)
    ]
    draws = [everybody[order] for order in orders]
    return [[part.tolist() for part in np.split(draw, cuts)] for draw in draws]


def _repeats(students: Sequence[str], seats: Sequence[Sequence[int]], met: Pairs) -> int:
    return sum(
        frozenset((students[one], students[other])) in met
        for some in seats
        for place, one in enumerate(some)
        for other in some[:place]
    )
