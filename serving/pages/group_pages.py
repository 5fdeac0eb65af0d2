"""Groups as pages: formed by a form, changed by one form, printed as cards; without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.curriculum import Curriculum

from .groups import ModalityLines, activity_line
from .rendering import address
from .shown import objective_name, skill_name
from .words import TIERS, count, day, listed, moment, percent

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
        unmet=tuple(_unmet(one, names) for one in document["unmet"]),
        quality=tuple(_quality(document)),
        outcome=tuple(_outcome(document)),
        changes=tuple(_change(one, names) for one in document["changes"]),
        plan=address(*place, "plan", objective=document["objective"], grouping=document["id"]),
        again=address(*place, "groups", objective=document["objective"]),
        csv=address(*twin, format="csv"),
        json=address(*twin, format="json"),
        wrong=wrong,
    )


def group_title(group: Document) -> str:
    """What a group is called on the teacher's page; students never see a tier's name.

    >>> group_title({"tier": "on-level", "number": 1}), group_title({"tier": None, "number": 1})
    ('On level', 'Group 2')
    """
    return TIERS[group["tier"]] if group["tier"] else f"Group {group['number'] + 1}"


def moment_of(text: str) -> str:
    """A stored time as it is spoken."""
    return moment(datetime.fromisoformat(text))


def day_of(text: str) -> str:
    """A stored time's date as it is spoken."""
    return day(datetime.fromisoformat(text))


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


def _unmet(one: Document, names: Mapping[str, str]) -> str:
    who = listed([names.get(student) or student for student in one["students"]])
    return f"{who} could not sit {one['wish']}: {one['why']}."


def _quality(document: Document) -> list[str]:
    figures = document["quality"]
    sizes = f"{figures['smallest']} to {figures['largest']}"
    if figures["smallest"] == figures["largest"]:
        sizes = str(figures["largest"])
    lines = [f"{sizes} students a group."]
    if document["kind"] != "need" and figures["largest"]:
        lines.append(
            f"How far the groups differ from the class: {figures['spread']:.2f}; drawn at random "
            f"{figures['random_spread']:.2f} (lower: more alike)."
        )
        lines.append(
            "Skills of the lesson that somebody in the group has probably mastered: "
            f"{percent(figures['coverage'])}; at random {percent(figures['random_coverage'])}."
        )
        lines.append(f"{count(figures['repeats'], 'pair')} sat together before.")
    return lines


def _outcome(document: Document) -> list[str]:
    return [
        f"{group_title(one)}: {count(one['answers'], 'answer')}"
        + (
            f", {percent(one['right'])} right where {percent(one['expected'])} was expected"
            if one["answers"]
            else ""
        )
        + f"; {count(one['newly_secure'], 'skill')} newly secure; "
        f"{one['moved_up']} ready to move up, {one['moved_down']} down."
        for one in document["outcome"]
    ]


def _change(one: Document, names: Mapping[str, str]) -> str:
    said = one["what"]
    parts = [f"moved {names.get(m['student']) or m['student']}" for m in said.get("moves", ())]
    parts += [f"locked {names.get(s) or s}" for s in said.get("lock", ())]
    parts += [f"unlocked {names.get(s) or s}" for s in said.get("unlock", ())]
    parts += [f"kept {names.get(s) or s} in support" for s in said.get("confirm_support", ())]
    parts += [said["status"]] if "status" in said else []
    why = f" “{one['reason']}”" if one["reason"] else ""
    return f"{moment_of(one['at'])}, {one['by']}: {', '.join(parts)}.{why}"
