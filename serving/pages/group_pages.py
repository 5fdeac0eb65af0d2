"""Groups as pages: formed by a form, changed by one form, printed as cards; without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.curriculum import Curriculum

from .group_words import (
    change_words,
    day_of,
    group_title,
    moment_of,
    outcome_words,
    quality_words,
    unmet_words,
)
from .groups import ModalityLines, activity_line
from .rendering import address
from .shown import objective_name, skill_name
from .words import listed

KINDS = {
    "need": "By need: support, on level, advanced",
    "mixed": "Mixed: every group like the class",
    "pairs": "Pairs that can help each other",
    "manual": "By hand: I say who sits where",
}
STATUS = {
    "draft": "Draft: nothing is settled until you confirm it",
    "confirmed": "Confirmed",
    "ended": "Ended",
    "expired": "Expired: make new groups",
}
OPEN = ("draft", "confirmed")
NOWHERE = "none"  # the value of a form's choice for no group
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FormingPage:
    """Where groups are formed: a form, and the groups formed lately."""

    name: str
    href: str
    action: str
    objectives: tuple[Option, ...]
    kinds: tuple[Option, ...]
    people: tuple[Option, ...]
    recent: tuple[tuple[str, str, str], ...]
    no_model: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class GroupSeat:
    """A student on a card, and the groups to which they could go."""

    id: str
    name: str
    href: str
    provisional: bool
    locked: bool
    support: bool
    confirmed: bool
    reasons: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group, or (tier `unplaced`) those who sit in none."""

    title: str
    tier: str
    seats: tuple[GroupSeat, ...]
    focus: str
    teacher: str
    activities: tuple[ModalityLines, ...]


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """Groups as they stand, and all that can be changed about them."""

    name: str
    href: str
    action: str
    title: str
    kind: str
    status: str
    open: bool
    draft: bool
    by_need: bool
    version: int
    made: str
    review: str
    cards: tuple[GroupCard, ...]
    unmet: tuple[str, ...]
    quality: tuple[str, ...]
    outcome: tuple[str, ...]
    changes: tuple[str, ...]
    plan: str
    again: str
    csv: str
    json: str
    wrong: str = ""


def forming_page(
    class_: Document,
    curriculum: Curriculum,
    names: Mapping[str, str],
    recent: Sequence[Document],
    *,
    objective: str | None,
    no_model: bool,
    wrong: str = "",
) -> FormingPage:
    """The form, with the objective asked for chosen already."""
    place = ("classes", class_["id"])
    return FormingPage(
        name=class_.get("name") or class_["id"],
        href=address(*place, objective=objective),
        action=address(*place, "groups"),
        objectives=tuple(
            Option(key, objective_name(curriculum, key), key == objective)
            for key in curriculum.objectives
        ),
        kinds=tuple(Option(key, words, key == "need") for key, words in KINDS.items()),
        people=tuple(Option(one, names.get(one) or one) for one in class_["students"]),
        recent=tuple(_recent(place, curriculum, one) for one in recent),
        no_model=no_model,
        wrong=wrong,
    )


def groups_page(
    class_: Document,
    curriculum: Curriculum,
    names: Mapping[str, str],
    document: Document,
    *,
    wrong: str = "",
) -> GroupsPage:
    """The page of one grouping."""
    place = ("classes", class_["id"])
    own = address(*place, "groups", document["id"])
    twin = ("v1", "groupings", document["id"])
    return GroupsPage(
        name=class_.get("name") or class_["id"],
        href=address(*place, objective=document["objective"]),
        action=own,
        title=_objective(curriculum, document),
        kind=KINDS[document["kind"]].split(":")[0],
        status=STATUS[document["status"]],
        open=document["status"] in OPEN,
        draft=document["status"] == "draft",
        by_need=document["kind"] == "need",
        version=document["version"],
        made=moment_of(document["decided_at"]),
        review=day_of(document["review_by"]),
        cards=_cards(class_, curriculum, names, document),
        unmet=tuple(unmet_words(one, names) for one in document["unmet"]),
        quality=tuple(quality_words(document)),
        outcome=tuple(outcome_words(document)),
        changes=tuple(change_words(one, names) for one in document["changes"]),
        plan=address(*place, "plan", objective=document["objective"], grouping=document["id"]),
        again=address(*place, "groups", objective=document["objective"]),
        csv=address(*twin, format="csv"),
        json=address(*twin, format="json"),
        wrong=wrong,
    )


def _recent(
    place: tuple[str, str], curriculum: Curriculum, document: Document
) -> tuple[str, str, str]:
    title = f"{_objective(curriculum, document)}: {KINDS[document['kind']].split(':')[0].lower()}"
    facts = f"{document['status']}, {day_of(document['decided_at'])}"
    return address(*place, "groups", document["id"]), title, facts


def _objective(curriculum: Curriculum, document: Document) -> str:
    known = document["objective"] in curriculum.objectives
    return objective_name(curriculum, document["objective"]) if known else document["objective"]


def _cards(
    class_: Document, curriculum: Curriculum, names: Mapping[str, str], document: Document
) -> tuple[GroupCard, ...]:
    visits = {one["group"]: (turn, one) for turn, one in enumerate(document["visits"])}
    cards = [
        GroupCard(
            title=group_title(group),
            tier=group["tier"] or "mixed",
            seats=tuple(
                _seat(class_, names, document, seat, group["number"]) for seat in group["students"]
            ),
            focus=listed([skill_name(curriculum, one) for one in group["focus"]]),
            teacher=_visit(curriculum, visits.get(group["number"])),
            activities=_activities(curriculum, group) if group["students"] else (),
        )
        for group in document["groups"]
    ]
    left = tuple(_seat(class_, names, document, one, None) for one in document["unplaced"])
    unplaced = GroupCard("In no group yet", "unplaced", left, "", "", ())
    return (*cards, *((unplaced,) if left else ()))


def _seat(
    class_: Document,
    names: Mapping[str, str],
    document: Document,
    seat: Document,
    number: int | None,
) -> GroupSeat:
    student = seat["student"]
    place = ("classes", class_["id"], "students", student)
    choices = [
        Option(str(g["number"]), group_title(g), g["number"] == number) for g in document["groups"]
    ]
    in_support = number is not None and document["groups"][number]["tier"] == "support"
    return GroupSeat(
        id=student,
        name=names.get(student) or student,
        href=address(*place, objective=document["objective"]),
        provisional=bool(seat.get("provisional")),
        locked=bool(seat.get("locked")),
        support=in_support,
        confirmed=student in document["confirmed_support"],
        reasons=" ".join(reason["text"] for reason in seat["reasons"]),
        options=(*choices, Option(NOWHERE, "No group", number is None)),
    )


def _activities(curriculum: Curriculum, group: Document) -> tuple[ModalityLines, ...]:
    found = []
    for modality, ids in group["activities"].items():
        known = [curriculum.activities[one] for one in ids if one in curriculum.activities]
        lines = tuple(activity_line(one, group["tier"] or one.level) for one in known)
        if lines:
            found.append(ModalityLines(modality.capitalize(), lines[:1], lines[1:]))
    return tuple(found)


def _visit(curriculum: Curriculum, visit: tuple[int, Document] | None) -> str:
    if visit is None:
        return ""
    turn, one = visit
    when = "Go here first" if turn == 0 else f"Your stop {turn + 1}"
    skill = skill_name(curriculum, one["skill"])
    return f"{when}: “{skill}” would gain most ({one['gain']:.1f} skills)."
