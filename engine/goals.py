"""Goals: what a student or a class aims at, how much it weighs now, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .beliefs import SkillBelief
from .curriculum import Curriculum
from .errors import Fault, InvalidInput

GOAL_WEIGHT = 3.0
"""A skill on the way to a goal counts three times: measured on simulated students."""
MOST_WEIGHT = 10.0
PRESSING = timedelta(weeks=4)
"""A deadline nearer than this presses: the weight rises evenly, to twice as much on the day. A
judgement, long enough for a handful of lessons on everything that a goal builds on."""

STATUSES = ("open", "met", "overdue", "gone")


@dataclass(frozen=True, slots=True)
class Goal:
    """A skill or an objective to reach, for one student or for everybody in a class.

    `by` is who set it: a teacher, a platform, or the student.
    """

    id: str
    skill: str | None = None
    objective: str | None = None
    student: str | None = None
    class_id: str | None = None
    deadline: datetime | None = None
    weight: float = GOAL_WEIGHT
    by: str = ""

    def checked(self, curriculum: Curriculum) -> Goal:
        """The same goal, once it makes sense and what it aims at exists.

        Raises `InvalidInput` naming every fault.
        """
        faults = list(self._faults(curriculum))
        if faults:
            raise InvalidInput(faults)
        return self

    def _faults(self, curriculum: Curriculum) -> Iterator[Fault]:
        if (self.skill is None) == (self.objective is None):
            named = "neither" if self.skill is None else "both"
            yield Fault("skill", named, "either a skill or an objective")
        if (self.student is None) == (self.class_id is None):
            named = "neither" if self.student is None else "both"
            yield Fault("student", named, "either a student or a class")
        if not 0 < self.weight <= MOST_WEIGHT:
            yield Fault("weight", str(self.weight), f"a number above 0, at most {MOST_WEIGHT:g}")
        if self.skill is not None and self.skill not in curriculum.skills:
            yield Fault("skill", self.skill, "the id of a skill")
        if self.objective is not None and self.objective not in curriculum.objectives:
            yield Fault("objective", self.objective, "the id of an objective")

    @property
    def target(self) -> str:
        """The id of the skill or objective it aims at."""
        return self.skill or self.objective or ""

    def targets(self, curriculum: Curriculum) -> tuple[str, ...]:
        """The skills it aims at; none where the curriculum no longer has them."""
        if self.skill is not None:
            return (self.skill,) if self.skill in curriculum.skills else ()
        found = curriculum.objectives.get(self.objective or "")
        return found.skills if found else ()

    def weight_at(self, now: datetime) -> float:
        """How much its skills count now; a deadline that has passed presses no more.

        >>> from datetime import timezone
        >>> day = datetime(2026, 9, 28, tzinfo=timezone.utc)
        >>> goal = Goal("g", skill="ratio", student="ana", deadline=day)
        >>> [goal.weight_at(day - timedelta(days=days)) for days in (60, 14, 0, -1)]
        [3.0, 4.5, 6.0, 3.0]
        """
        if self.deadline is None or now > self.deadline:
            return self.weight
        return self.weight * (2.0 - min(1.0, (self.deadline - now) / PRESSING))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a goal has come.

    status  open; met: everything it aims at is secure; overdue: its deadline has passed before
            that; gone: the curriculum no longer has what it aims at
    target  the skill or objective it aims at
    left    the skills not yet secure, of those it aims at and what they build on, in course order
    """

    goal: str
    target: str
    status: str
    left: tuple[str, ...]
    deadline: datetime | None
    weight: float


def goals_of(goals: Iterable[Goal], student: str, classes: Collection[str] = ()) -> list[Goal]:
    """The goals of a student and of the classes they sit in."""
    return [
        goal
        for goal in goals
        if goal.student == student or (goal.class_id is not None and goal.class_id in classes)
    ]


def standings(
    goals: Iterable[Goal],
    curriculum: Curriculum,
    beliefs: Mapping[str, SkillBelief],
    *,
    now: datetime,
) -> tuple[Standing, ...]:
    """How far each goal has come; a goal that cannot be reached any more is said to be so.

    `beliefs` holds every skill of the curriculum.
    """
    return tuple(_standing(goal, curriculum, beliefs, now) for goal in goals)


def goal_weights(
    goals: Iterable[Goal], found: Iterable[Standing], *, now: datetime
) -> dict[str, tuple[str, float]]:
    """Skill → what the goal that asks most for it aims at, and how much more it counts for that.

    Only what a goal still lacks counts; skills that no goal leads through are not there. Of goals
    that weigh the same, the first by id. A goal goes by what it aims at, a skill or an objective.
    """
    by_id = {goal.id: goal for goal in goals}
    weights: dict[str, tuple[str, float]] = {}
    for standing in sorted(found, key=lambda one: (-by_id[one.goal].weight_at(now), one.goal)):
        for skill in standing.left:
            goal = by_id[standing.goal]
            weights.setdefault(skill, (goal.target, goal.weight_at(now)))
    return weights


def _standing(
    goal: Goal, curriculum: Curriculum, beliefs: Mapping[str, SkillBelief], now: datetime
) -> Standing:
    targets = goal.targets(curriculum)
    path = curriculum.closure(targets)
    lacking = [skill for skill in targets if beliefs[skill].state != "secure"]
    left = [s for s in curriculum.skills if s in path and beliefs[s].state != "secure"]
    if not targets:
        status = "gone"
    elif not lacking:
        status, left = "met", []
    else:
        status = "overdue" if goal.deadline is not None and now > goal.deadline else "open"
    return Standing(goal.id, goal.target, status, tuple(left), goal.deadline, goal.weight)
