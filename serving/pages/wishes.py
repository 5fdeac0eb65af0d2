"""What people want for a student, as pages show it: help asked for, goals, teachers' words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.curriculum import Curriculum
from engine.goals import Standing
from engine.overrides import Override

from .needs import activity_name
from .rendering import address
from .shown import objective_name, skill_name
from .words import count, day

NO_GOALS: Mapping[str, int] = MappingProxyType({})
TIERS_CHOSEN = {"support": "support", "on-level": "on level", "advanced": "advanced"}


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A request for help."""

    id: str
    about: str
    message: str
    asked: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal, how far it has come, and which version of it is shown; None: it is the class's."""

    id: str
    name: str
    status: str
    version: int | None


@dataclass(frozen=True, slots=True)
class WordLine:
    """An override in force: what holds, why, who said it and until when."""

    id: str
    text: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen in a form."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """All of it for one student, and what may be chosen in its forms.

    `class_id` is where the page stands; "" on a student's own.
    """

    student: str
    class_id: str
    help: tuple[HelpLine, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    words: tuple[WordLine, ...] = ()
    targets: tuple[Choice, ...] = ()

    @property
    def goals_href(self) -> str:
        """Where goals are set."""
        return address("students", self.student, "goals")

    @property
    def help_href(self) -> str:
        """Where help is asked for and answered."""
        return address("students", self.student, "help")

    @property
    def override_href(self) -> str:
        """Where a teacher overrides the model."""
        return address("classes", self.class_id, "students", self.student, "override")


def wishes(
    curriculum: Curriculum,
    *,
    student: str,
    class_id: str = "",
    help: Iterable[dict[str, Any]] = (),
    standings: Iterable[Standing] = (),
    own: Mapping[str, int] = NO_GOALS,
    overrides: Iterable[Override] = (),
) -> Wishes:
    """The value of these parts of a page; `own`: the student's own goals, id → version."""
    return Wishes(
        student=student,
        class_id=class_id,
        help=tuple(_help_line(curriculum, one) for one in help),
        goals=tuple(_goal_line(curriculum, one, own.get(one.goal)) for one in standings),
        words=tuple(_word_line(curriculum, one) for one in overrides),
        targets=tuple(goal_targets(curriculum)),
    )


def goal_targets(curriculum: Curriculum) -> list[Choice]:
    """What a goal can aim at: objectives, then skills."""
    return [
        *(Choice(f"objective:{o}", objective_name(curriculum, o)) for o in curriculum.objectives),
        *(Choice(f"skill:{s}", skill_name(curriculum, s)) for s in curriculum.skills),
    ]


def said_of(curriculum: Curriculum, one: Override) -> str:
    """An override in a sentence."""
    what = _subject(curriculum, one)
    return {
        "pin": f"{what} comes first",
        "exclude": f"{what} is left out",
        "set_state": f"{what} counts as {'secure' if one.state == 'secure' else 'not secure'}",
        "move": f"Sits in {TIERS_CHOSEN.get(one.tier or '', '')} on {what}",
        "skip_prerequisite": f"{what} does not wait for {_before(curriculum, one)}",
    }[one.kind]


def _before(curriculum: Curriculum, one: Override) -> str:
    if one.prerequisite is None:
        return "what it builds on"
    return f"“{skill_name(curriculum, one.prerequisite)}”"


def _subject(curriculum: Curriculum, one: Override) -> str:
    if one.activity is not None:
        return f"“{activity_name(curriculum, one.activity)}”"
    if one.objective is not None:
        return f"“{objective_name(curriculum, one.objective)}”"
    return f"“{skill_name(curriculum, one.skill or '')}”"


def _help_line(curriculum: Curriculum, one: dict[str, Any]) -> HelpLine:
    about = [f"“{skill_name(curriculum, one['skill'])}”"] if one["skill"] else []
    if one["activity"] in curriculum.activities:
        about.append(f"“{activity_name(curriculum, one['activity'])}”")
    return HelpLine(
        one["id"],
        ", ".join(about),
        one["message"],
        day(datetime.fromisoformat(one["asked_at"])),
        one["answer"] if one["status"] == "answered" else "",
    )


def _goal_line(curriculum: Curriculum, one: Standing, version: int | None) -> GoalLine:
    known = one.target in curriculum.objectives
    name = objective_name(curriculum, one.target) if known else skill_name(curriculum, one.target)
    return GoalLine(one.goal, name, _status(one), version)


def _status(one: Standing) -> str:
    by = day(one.deadline) if one.deadline else ""
    left = f"{count(len(one.left), 'skill')} to go"
    return {
        "met": "reached",
        "gone": "no longer part of the course",
        "overdue": f"{left}; was planned for {by}",
        "open": f"{left}, by {by}" if by else left,
    }[one.status]


def _word_line(curriculum: Curriculum, one: Override) -> WordLine:
    return WordLine(
        one.id,
        said_of(curriculum, one),
        f"{one.reason} ({one.by})" if one.by else one.reason,
        day(one.expires_at),
    )


def named(curriculum: Curriculum, activities: Sequence[str]) -> list[str]:
    """Activities by their names."""
    return [activity_name(curriculum, one) for one in activities]
