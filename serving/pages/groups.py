"""The tiers as cards: who is in each, why, and what to do with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.curriculum import Activity, Curriculum
from engine.tiers import Group, Grouping

from .needs import Need
from .words import TIERS, level

MEANINGS = {
    "support": "Lack much of the groundwork, which comes before, or beside, the new skills.",
    "on-level": "Have most of the groundwork, not yet most of the new skills; or, if provisional, "
    "too little is known to say.",
    "advanced": "Have most of the groundwork and of the new skills: ready to go further, once "
    "the gaps named are closed.",
    "unplaced": "Have not answered anything here yet. A quick check will tell; nobody is guessed.",
}
SHOWN_ACTIVITIES = 1  # for each modality; the rest unfolds


@dataclass(frozen=True, slots=True)
class Seat:
    """A student on a card; `teacher` when this one cannot go on without the teacher."""

    name: str
    href: str
    provisional: bool
    teacher: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedNeed:
    """A skill that some students of a tier need next, and who they are."""

    focus: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity in one line: its name, and its length and kind."""

    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class ModalityLines:
    """Activities of one kind: a few that are shown, and more that unfold."""

    modality: str
    shown: tuple[ActivityLine, ...]
    more: tuple[ActivityLine, ...]


@dataclass(frozen=True, slots=True)
class TierCard:
    """One tier, or those who could not be placed."""

    tier: str
    title: str
    count: int
    meaning: str
    needs: tuple[SharedNeed, ...]
    activities: tuple[ModalityLines, ...]


def tier_cards(
    curriculum: Curriculum,
    grouping: Grouping,
    needs: Mapping[str, Need],
    people: Mapping[str, tuple[str, str]],
) -> tuple[TierCard, ...]:
    """A card for every tier and one for the unplaced; `people` gives each id a name and address."""

    def shared(students: Iterable[str]) -> tuple[SharedNeed, ...]:
        return _shared({one: needs[one] for one in students}, people)

    cards = [
        _card(group.tier, shared(seat.student for seat in group.students), group, curriculum)
        for group in grouping.groups
    ]
    unplaced = shared(one.student for one in grouping.unplaced)
    return (*cards, _card("unplaced", unplaced, None, curriculum))


def _shared(
    needs: Mapping[str, Need], people: Mapping[str, tuple[str, str]]
) -> tuple[SharedNeed, ...]:
    """Students by what they need next, the need of most students first."""
    seats: dict[str, list[Seat]] = {}
    for student, need in sorted(needs.items(), key=lambda pair: people[pair[0]][0].casefold()):
        seat = Seat(*people[student], need.provisional, need.teacher, need.reasons)
        seats.setdefault(need.focus, []).append(seat)
    found = (SharedNeed(focus, tuple(together)) for focus, together in seats.items())
    return tuple(sorted(found, key=lambda shared: (-len(shared.seats), shared.focus)))


def activity_line(activity: Activity, tier: str) -> ActivityLine:
    """An activity in one line, with its level where that is not the tier's own.

    >>> activity_line(Activity("a", ("slope",), "Ramps", minutes=20, teacher_led=True), "on-level")
    ActivityLine(name='Ramps', facts='20 min, with you')
    >>> activity_line(Activity("b", ("slope",), "Hills", level="support"), "on-level")
    ActivityLine(name='Hills', facts='10 min, support level')
    """
    other = [level(activity.level)] if activity.level != tier else []
    led = ["with you"] if activity.teacher_led else ["a check"] if activity.assesses else []
    facts = ", ".join([f"{activity.minutes:g} min", *other, *led])
    return ActivityLine(activity.name or activity.id, facts)


def _card(
    tier: str, needs: tuple[SharedNeed, ...], group: Group | None, curriculum: Curriculum
) -> TierCard:
    return TierCard(
        tier=tier,
        title=TIERS[tier],
        count=sum(len(need.seats) for need in needs),
        meaning=MEANINGS[tier],
        needs=needs,
        activities=_activities(curriculum, group) if group and needs else (),
    )


def _activities(curriculum: Curriculum, group: Group) -> tuple[ModalityLines, ...]:
    found = []
    for modality, ids in group.activities.items():
        lines = tuple(activity_line(curriculum.activities[one], group.tier) for one in ids)
        shown, more = lines[:SHOWN_ACTIVITIES], lines[SHOWN_ACTIVITIES:]
        found.append(ModalityLines(modality.capitalize(), shown, more))
    return tuple(found)
