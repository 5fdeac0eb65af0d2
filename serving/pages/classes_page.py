"""The front page: a teacher's classes, and how many in each need support now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.curriculum import Curriculum
from engine.tiers import Grouping

from .rendering import address
from .shown import objective_name
from .words import count

SHARES = {
    "support": ("needs support now", "need support now"),
    "on-level": ("on level", "on level"),
    "advanced": ("ready to go further", "ready to go further"),
    "unplaced": ("without enough evidence", "without enough evidence"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a class are in one tier."""

    tier: str
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class ClassCard:
    """One class on the front page."""

    name: str
    href: str
    students: str
    objective: str = ""
    shares: tuple[Share, ...] = ()
    silence: str = ""


@dataclass(frozen=True, slots=True)
class ClassesPage:
    """Every class of the teacher."""

    classes: tuple[ClassCard, ...]
    no_model: bool = False


def class_card(
    class_: Mapping[str, Any], curriculum: Curriculum, grouping: Grouping | None
) -> ClassCard:
    """A class, and how it stands on the objective it is working on."""
    students = len(class_["students"])
    objective = grouping.objective if grouping and students else None
    return ClassCard(
        name=class_.get("name") or class_["id"],
        href=address("classes", class_["id"], objective=objective),
        students=count(students, "student"),
        objective=objective_name(curriculum, objective) if objective else "",
        shares=tuple(_shares(grouping)) if grouping and students else (),
        silence="" if students else "No students yet.",
    )


def _shares(grouping: Grouping) -> Iterable[Share]:
    counts = {group.tier: len(group.students) for group in grouping.groups}
    counts["unplaced"] = len(grouping.unplaced)
    unsure = sum(seat.provisional for group in grouping.groups for seat in group.students)
    for tier, (one, many) in SHARES.items():
        n = counts.get(tier, 0)
        if n or tier == "support":
            words = one if n == 1 else many
            # who is provisional sits on level
            more = f", {unsure} of them provisional" if unsure and tier == "on-level" else ""
            yield Share(tier, n, words + more)
