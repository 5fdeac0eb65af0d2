"""Tiers: who needs what on one objective, from what each student probably holds.

A tier belongs to one objective and lapses with it. It never comes from demographics, overall
ability or a past tier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .beliefs import SkillBelief
from .classroom import Classroom, classroom
from .curriculum import LEVELS, Curriculum
from .explanation import Code, Reason, note
from .tier_reading import TierReading
from .tier_reasons import doubts, likelihood, no_answers, since_last_review, weightiest
from .tier_review import EarlierSeat, review
from .tier_work import diagnostic, focus, materials

TIERS = LEVELS
"""support, on-level, advanced: the tiers are named like the levels of activities they work on."""
NO_MOVES: Mapping[str, str] = MappingProxyType({})
NO_RECORD: Mapping[str, Sequence[EarlierSeat]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SeatedStudent:
    """A student in a tier, with the probability of each tier and what speaks for this one.

    A provisional seat is one that the evidence does not bear out (yet, or any more): on level at
    first, later wherever the student was; `diagnostic` is then the activity that would tell most.
    """

    student: str
    probabilities: tuple[float, float, float]
    reasons: tuple[Reason, ...]
    provisional: bool = False
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True)
class UnplacedStudent:
    """A student with no answer on the objective or its prerequisites, and what to start with."""

    student: str
    reasons: tuple[Reason, ...]
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A tier, or a group of none (`""`): its students (maybe none), the skills they need most, and
    activities by modality."""

    tier: str
    students: tuple[SeatedStudent, ...]
    focus: tuple[str, ...]
    activities: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A class on an objective: one group for every tier, and who could not be placed."""

    objective: str
    groups: tuple[Group, ...]
    unplaced: tuple[UnplacedStudent, ...]


def need_groups(
    curriculum: Curriculum,
    objective: str,
    beliefs_by_student: Mapping[str, Mapping[str, SkillBelief]],
    *,
    moves: Mapping[str, str] = NO_MOVES,
    record: Mapping[str, Sequence[EarlierSeat]] = NO_RECORD,
    reading: TierReading | None = None,
) -> Grouping:
    """Everyone in the tier they need now. Raises `InvalidInput` for an unknown objective.

    Support is under three quarters of the prerequisites held (of an objective that builds on
    nothing: under a quarter of its targets), advanced three quarters of the targets or more. The
    tier is the one with the least expected distance from the true one, left only for good reason
    (`engine.tier_review`). `moves`: students whom a teacher seated in a tier; there they sit,
    whatever the odds. `record`: each student's seats at earlier reviews of this objective, oldest
    first. `reading`: how the model's beliefs are to be taken.

    >>> from engine.curriculum import Objective, Skill
    >>> course = Curriculum.of(skills=[Skill("ratio")],
    ...                        objectives=[Objective("mixtures", skills=("ratio",))])
    >>> belief = SkillBelief("ratio", 0.02, 0.0, 0.1, 5, "some", "emerging", 0.2,
    ...                      last_at=None, review_due=None, model="v1", pooled=False)
    >>> found = need_groups(course, "mixtures", {"ana": {"ratio": belief}})
    >>> [(group.tier, [seat.student for seat in group.students]) for group in found.groups]
    [('support', ['ana']), ('on-level', []), ('advanced', [])]
    """
    room = classroom(curriculum, objective, beliefs_by_student, reading=reading)
    rows = range(len(room.students))
    seats = {
        row: _moved(room, row, moves[student])
        if student in moves
        else _seat(room, row, record.get(student, ()))
        for row, student in enumerate(room.students)
        if student in moves or room.has_answered(row)
    }
    groups = tuple(_group(room, tier, seats) for tier in TIERS)
    unplaced = tuple(_unplaced(room, row) for row in rows if row not in seats)
    return Grouping(objective, groups, unplaced)


def _seat(room: Classroom, row: int, earlier: Sequence[EarlierSeat]) -> tuple[str, SeatedStudent]:
    """A student's tier as the review has it, and why."""
    odds = room.odds.tiers[row]
    verdict = review(odds, answers=room.answers(row), skills=len(room.skills), earlier=earlier)
    doubtful = doubts(room, row, verdict.tier)
    speaks_for = int(odds.argmax()) if doubtful else verdict.tier
    reasons = (
        likelihood(room, row, verdict.tier),
        *since_last_review(room, row, verdict, earlier),
        *doubtful,
        *weightiest(room, row, speaks_for),
    )
    support, on_level, advanced = map(float, odds)
    student = SeatedStudent(
        student=room.students[row],
        probabilities=(support, on_level, advanced),
        reasons=reasons,
        provisional=verdict.provisional,
        diagnostic=diagnostic(room, row) if verdict.provisional else None,
    )
    return TIERS[verdict.tier], student


def _moved(room: Classroom, row: int, tier: str) -> tuple[str, SeatedStudent]:
    """A student where a teacher put them, with the odds as the model has them."""
    support, on_level, advanced = map(float, room.odds.tiers[row])
    word = note(Code.MOVED, {"tier": tier.replace("-", " ")})
    reasons = (word, likelihood(room, row, TIERS.index(tier)))
    return tier, SeatedStudent(room.students[row], (support, on_level, advanced), reasons)


def _group(room: Classroom, tier: str, seats: Mapping[int, tuple[str, SeatedStudent]]) -> Group:
    rows = [row for row, (seated_in, _) in seats.items() if seated_in == tier]
    needed = focus(room, tier, rows)
    return Group(
        tier=tier,
        students=tuple(seats[row][1] for row in rows),
        focus=needed,
        activities=materials(room, tier, needed),
    )


def _unplaced(room: Classroom, row: int) -> UnplacedStudent:
    return UnplacedStudent(room.students[row], (no_answers(),), diagnostic(room, row))
