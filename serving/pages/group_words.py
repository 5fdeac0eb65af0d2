"""What is said of groups in words: their titles, their quality, what changed, what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .words import TIERS, count, day, listed, moment, percent

Document = Mapping[str, Any]


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


def unmet_words(one: Document, names: Mapping[str, str]) -> str:
    """A wish that could not be had, and why."""
    who = listed([names.get(student) or student for student in one["students"]])
    return f"{who} could not sit {one['wish']}: {one['why']}."


def quality_words(document: Document) -> list[str]:
    """How good the groups are, beside groups drawn at random."""
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


def outcome_words(document: Document) -> list[str]:
    """What came of each group, once they have ended."""
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


def change_words(one: Document, names: Mapping[str, str]) -> str:
    """What a teacher changed, when and why."""
    said = one["what"]
    parts = [f"moved {names.get(m['student']) or m['student']}" for m in said.get("moves", ())]
    parts += [f"locked {names.get(s) or s}" for s in said.get("lock", ())]
    parts += [f"unlocked {names.get(s) or s}" for s in said.get("unlock", ())]
    parts += [f"kept {names.get(s) or s} in support" for s in said.get("confirm_support", ())]
    parts += [said["status"]] if "status" in said else []
    why = f" “{one['reason']}”" if one["reason"] else ""
    return f"{moment_of(one['at'])}, {one['by']}: {', '.join(parts)}.{why}"
