"""Groups of mixed ability, pairs that help each other, and groups that a teacher made.

Mixed: every group like the whole class on each skill, somebody in it for each target, and old
neighbours apart for once. Pairs: each has something to give that the other lacks. Manual: as the
teacher said; the same figures tell how such groups compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from .chance import shuffled
from .classroom import Beliefs, Classroom, classroom
from .curriculum import Curriculum
from .errors import Fault, InvalidInput
from .explanation import Code, Reason, Share, note
from .seat_wishes import SeatWishes, units
from .seating import RESTARTS, Crowd, Integers, Weights, group_sizes, seated
from .tier_odds import Floats, TierOdds
from .tier_reading import TierReading
from .tier_reasons import few_answers
from .tier_work import diagnostic, focus, mixed_materials
from .tiers import Group, Grouping, SeatedStudent, UnplacedStudent

ALIKE = 0.2  # two students nearer than this on every skill cannot teach each other much
HOLDS = 0.80
"""P(held) from which somebody covers a skill for their group."""
GAPS, REPEATS, APART = 0.3, 0.05, 100.0
"""What a group without anybody for any target costs, a pair that sat together before, and a pair
that must not; the unit is the squared distance from the class mean in standard deviations."""
MIXED = Weights(distance=1.0, gaps=GAPS)
PAIRED = Weights(distance=0.0, gaps=0.0)
Pairs = Mapping[frozenset[str], int]  # who sat together before, and how often
NOBODY: Pairs = MappingProxyType({})
_Reasons = Callable[[Classroom, int, Sequence[int]], list[Reason]]


def mixed_groups(
    curriculum: Curriculum,
    objective: str,
    beliefs: Beliefs,
    *,
    groups: int | None = None,
    size: int | None = None,
    wishes: SeatWishes | None = None,
    met: Pairs = NOBODY,
    seed: int = 0,
    reading: TierReading | None = None,
) -> Grouping:
    """The class in groups as alike as can be, each with somebody for every target skill.

    Source of the cost: the squared distance of the group's mean from the class's on each skill,
    .3 of the share of targets nobody holds, .05 for each pair that sat together before.
    """
    room = classroom(curriculum, objective, beliefs, reading=reading)
    sizes = group_sizes(len(room.students), groups=groups, size=size or 4)
    asked = (wishes or SeatWishes()).checked(room.students, len(sizes))
    cost = _repeats(room.students, met)
    seats = _seats(room, sizes.tolist(), asked, cost, MIXED, seed)
    return _grouping(room, seats, asked, _mixed_reasons)


def helping_pairs(
    curriculum: Curriculum,
    objective: str,
    beliefs: Beliefs,
    *,
    wishes: SeatWishes | None = None,
    met: Pairs = NOBODY,
    seed: int = 0,
    reading: TierReading | None = None,
) -> Grouping:
    """The class in pairs (and one three if it is odd) in which each can help the other most.

    What two can do for each other is the expected number of skills that the one holds and the other
    lacks, less by half for what goes one way only: help that is given back counts double.
    """
    room = classroom(curriculum, objective, beliefs, reading=reading)
    sizes = group_sizes(len(room.students), groups=max(len(room.students) // 2, 1))
    asked = (wishes or SeatWishes()).checked(room.students, len(sizes))
    cost = _repeats(room.students, met) - _help(room.held)
    seats = _seats(room, sizes.tolist(), asked, cost, PAIRED, seed)
    return _grouping(room, seats, asked, _pair_reasons)


def manual_groups(
    curriculum: Curriculum,
    objective: str,
    beliefs: Beliefs,
    *,
    members: Sequence[Sequence[str]],
    reading: TierReading | None = None,
) -> Grouping:
    """The groups as named. Whoever is in none is unplaced. Raises `InvalidInput` for a student who
    is not in the class or is named twice."""
    room = classroom(curriculum, objective, beliefs, reading=reading)
    _check_members(room.students, members)
    rows = {student: row for row, student in enumerate(room.students)}
    seats = [[rows[student] for student in some] for some in members]
    return _grouping(room, seats, SeatWishes(), lambda *_: [note(Code.CHOSEN, {})])


def _check_members(students: Sequence[str], members: Sequence[Sequence[str]]) -> None:
    faults, seen = [], set()
    for number, some in enumerate(members):
        for student in some:
            if student not in students:
                faults.append(Fault(f"members.{number}", student, "a student of the class"))
            elif student in seen:
                faults.append(Fault(f"members.{number}", student, "each student once"))
            seen.add(student)
    if faults:
        raise InvalidInput(faults)


def _seats(
    room: Classroom,
    sizes: list[int],
    wishes: SeatWishes,
    cost: Floats,
    weights: Weights,
    seed: int,
) -> list[list[int]]:
    """The rows of the students in each group. Units that fit nowhere are broken up."""
    if not sizes:
        return []
    rows = {student: row for row, student in enumerate(room.students)}
    together = [[rows[one] for one in unit] for unit in units(room.students, wishes)]
    cost = cost + _apart(rows, wishes)
    locked = {rows[student]: group for student, group in wishes.locked.items()}
    while True:
        groups = seated(
            _crowd(room, together, locked, cost),
            np.array(sizes),
            weights,
            _orders(room, together, seed),
        )
        homeless = np.flatnonzero(groups < 0)
        if not len(homeless):
            break
        broken = set(homeless.tolist())
        whole = [unit for number, unit in enumerate(together) if number not in broken]
        together = [*whole, *([row] for number in broken for row in together[number])]
    found: list[list[int]] = [[] for _ in sizes]
    for unit, group in zip(together, groups, strict=True):
        found[group].extend(unit)
    return [sorted(some) for some in found]


def _crowd(
    room: Classroom, together: list[list[int]], locked: Mapping[int, int], cost: Floats
) -> Crowd:
    covers = room.held[:, len(room.prerequisites) :] >= HOLDS
    within = np.zeros((len(together), len(room.students)))
    for unit, rows in enumerate(together):
        within[unit, rows] = 1.0
    between = within @ cost @ within.T
    np.fill_diagonal(between, 0.0)
    return Crowd(
        size=within.sum(axis=1).astype(np.int64),
        fixed=np.array([locked.get(rows[0], -1) for rows in together], np.int64),
        level=within @ standardised(room.held),
        holds=within @ covers > 0.0,
        cost=between,
    )


def _orders(room: Classroom, together: list[list[int]], seed: int) -> Integers:
    """The first start from the strongest unit to the weakest, the others at random."""
    means = _means(room)
    strength = np.array([means[rows].mean() for rows in together])
    first = np.argsort(-strength, kind="stable")
    others = (
        shuffled(len(together), seed=seed, purpose=f"start {start}") for start in range(1, RESTARTS)
    )
    return np.stack([first, *others])


def _means(room: Classroom) -> Floats:
    """The share of the objective's skills that each student probably holds; [student]."""
    return room.held.mean(axis=1) if room.skills else np.zeros(len(room.students))


def standardised(levels: Floats) -> Floats:
    """Each skill to mean 0 and sd 1 over the class; a skill on which all are alike to 0."""
    centred = levels - levels.mean(axis=0) if len(levels) else levels
    spread = centred.std(axis=0) if len(levels) else np.ones(levels.shape[1])
    return np.asarray(centred / np.where(spread > 1e-9, spread, 1.0))


def _repeats(students: Sequence[str], met: Pairs) -> Floats:
    cost = np.zeros((len(students), len(students)))
    for row, one in enumerate(students):
        for column in range(row):
            cost[row, column] = cost[column, row] = REPEATS * met.get(
                frozenset((one, students[column])), 0
            )
    return cost


def _apart(rows: Mapping[str, int], wishes: SeatWishes) -> Floats:
    cost = np.zeros((len(rows), len(rows)))
    for named in wishes.apart:
        for one in named:
            for other in named:
                if one != other:
                    cost[rows[one], rows[other]] = APART
    return cost


def _help(levels: Floats) -> Floats:
    """What two students can do for each other, [student, student], symmetric, 0 on the diagonal."""
    gives = levels @ (1.0 - levels).T
    both = np.minimum(gives, gives.T)
    found = (gives + gives.T) / 2.0 + both
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)


def _grouping(
    room: Classroom, seats: list[list[int]], wishes: SeatWishes, reasons: _Reasons
) -> Grouping:
    groups = tuple(_group(room, rows, wishes, reasons) for rows in seats)
    placed = {row for rows in seats for row in rows}
    left = [room.students[row] for row in range(len(room.students)) if row not in placed]
    return Grouping(room.objective, groups, tuple(_left_out(room, one) for one in left))


def _group(room: Classroom, rows: Sequence[int], wishes: SeatWishes, reasons: _Reasons) -> Group:
    needed = focus(room, "mixed", rows)
    seats = tuple(
        SeatedStudent(
            student=room.students[row],
            probabilities=_odds(room.odds, row),
            reasons=(
                *reasons(room, row, rows),
                *_together(room.students[row], wishes),
                *few_answers(room, row),
            ),
            provisional=bool(few_answers(room, row)),
            diagnostic=diagnostic(room, row) if few_answers(room, row) else None,
        )
        for row in rows
    )
    return Group("", seats, needed, mixed_materials(room, needed))


def _odds(odds: TierOdds, row: int) -> tuple[float, float, float]:
    support, on_level, advanced = map(float, odds.tiers[row])
    return support, on_level, advanced


def _left_out(room: Classroom, student: str) -> UnplacedStudent:
    row = room.students.index(student)
    return UnplacedStudent(student, (note(Code.IN_NO_GROUP, {}),), diagnostic(room, row))


def _together(student: str, wishes: SeatWishes) -> Iterable[Reason]:
    for named in wishes.together:
        if student in named:
            others = ", ".join(one for one in named if one != student)
            if others:
                yield note(Code.KEPT_TOGETHER, {"other": others})


def _mixed_reasons(room: Classroom, row: int, rows: Sequence[int]) -> list[Reason]:
    """How the student, the group and the class stand, and the targets only they cover."""
    mean = _means(room)
    facts = {
        "p": Share(mean[row]),
        "mean": Share(mean[list(rows)].mean()),
        "overall": Share(mean.mean()),
    }
    found = [note(Code.BALANCES, facts, weight=float(mean[row] - mean.mean()))]
    for skill in room.targets:
        column = room.held[:, room.skills.index(skill)]
        if column[row] >= HOLDS and column[row] == column[list(rows)].max():
            covers = {"skill": room.name(skill), "p": Share(column[row])}
            found.append(note(Code.COVERS, covers, weight=float(column[row])))
    return found


def _pair_reasons(room: Classroom, row: int, rows: Sequence[int]) -> list[Reason]:
    """For each companion, the skill on which the two are furthest apart."""
    found = []
    for other in rows:
        if other == row or not room.skills:
            continue
        gap = room.held[row] - room.held[other]
        widest = int(np.abs(gap).argmax())
        facts = {"other": room.students[other], "skill": room.name(room.skills[widest])}
        code = Code.HELPS if gap[widest] > 0 else Code.IS_HELPED
        if abs(gap[widest]) < ALIKE:
            code, facts = Code.ALIKE, {"other": room.students[other]}
        found.append(note(code, facts, weight=float(abs(gap[widest]))))
    return found
