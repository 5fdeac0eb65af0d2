"""What each student of a class needs now: the tier, and the skill to work on next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.curriculum import Curriculum
from engine.policy import Recommendation
from engine.tiers import Grouping, SeatedStudent, UnplacedStudent

from .shown import skill_name


@dataclass(frozen=True, slots=True)
class Need:
    """One student's place and next step.

    urgency     expected distance below the top tier, for sorting inside a tier
    focus       what to work on, in a few words
    teacher     whether this cannot go on without the teacher
    reasons     why this tier, in sentences
    """

    tier: str
    provisional: bool
    urgency: float
    focus: str
    teacher: bool
    reasons: tuple[str, ...]


def needs(
    curriculum: Curriculum, grouping: Grouping, following: Mapping[str, Recommendation]
) -> dict[str, Need]:
    """The need of every student in a grouping, from the group and from what is next for each."""
    found: dict[str, Need] = {}
    for group in grouping.groups:
        for seat in group.students:
            found[seat.student] = _seated(curriculum, group.tier, seat, following[seat.student])
    for unplaced in grouping.unplaced:
        found[unplaced.student] = _unplaced(curriculum, unplaced)
    return found


def activity_name(curriculum: Curriculum, activity: str) -> str:
    """The name of an activity, its id where it has none."""
    known = curriculum.activities.get(activity)
    return (known.name or known.id) if known else activity


def _seated(
    curriculum: Curriculum, tier: str, seat: SeatedStudent, recommendation: Recommendation
) -> Need:
    support, on_level, _ = seat.probabilities
    first = recommendation.candidates[0] if recommendation.candidates else None
    return Need(
        tier=tier,
        provisional=seat.provisional,
        urgency=2 * support + on_level,
        focus=skill_name(curriculum, first.skill) if first else _said(recommendation),
        teacher=recommendation.status == "needs_teacher",
        reasons=tuple(reasons(curriculum, seat)),
    )


def reasons(curriculum: Curriculum, student: SeatedStudent | UnplacedStudent) -> Iterable[str]:
    """Why somebody is where they are, and which activity would tell more."""
    yield from (reason.text for reason in student.reasons)
    if student.diagnostic:
        yield f"“{activity_name(curriculum, student.diagnostic)}” would tell most."


def _said(recommendation: Recommendation) -> str:
    """What stands in place of a next skill when nothing is offered."""
    plain = {
        "complete": "Everything here is secure",
        "review_later": "Nothing to do here for now",
        "needs_teacher": "Needs time with you",
    }
    if recommendation.status in plain:
        return plain[recommendation.status]
    texts = [reason.text for reason in recommendation.reasons]
    return texts[0] if texts else "No activity fits"


def _unplaced(curriculum: Curriculum, student: UnplacedStudent) -> Need:
    check = f": {activity_name(curriculum, student.diagnostic)}" if student.diagnostic else ""
    return Need(
        tier="unplaced",
        provisional=False,
        urgency=1.0,
        focus=f"Find out first{check}",
        teacher=False,
        reasons=tuple(reasons(curriculum, student)),
    )
