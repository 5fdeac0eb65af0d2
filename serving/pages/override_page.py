"""The form by which a teacher overrides the model, and the preview of what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.curriculum import Curriculum
from engine.errors import Fault

from .rendering import address
from .shown import objective_name, skill_name
from .wishes import Choice, named
from .words import STATES, TIERS, day

FIELDS = (
    "kind",
    "first",
    "out",
    "skill",
    "state",
    "objective",
    "tier",
    "skip",
    "reason",
    "until",
)
HOLDS_DAYS = 28
STATE_CHOICES = (Choice("secure", "secure"), Choice("not_secure", "not secure"))
TIER_CHOICES = (
    Choice("support", "support"),
    Choice("on-level", "on level"),
    Choice("advanced", "advanced"),
)
PLACES = {
    "kind": "what should hold",
    "pin": "what comes first",
    "exclude": "what is left out",
    "set_state": "the skill",
    "move": "the objective",
    "skip_prerequisite": "the skill",
    "expires_at": "until when",
}


@dataclass(frozen=True, slots=True)
class OverridePage:
    """The form as it was filled in, what is wrong with it, or what it would change."""

    name: str
    class_name: str
    class_href: str
    student_href: str
    here: str
    skills: tuple[Choice, ...]
    activities: tuple[Choice, ...]
    objectives: tuple[Choice, ...]
    states: tuple[Choice, ...] = STATE_CHOICES
    tiers: tuple[Choice, ...] = TIER_CHOICES
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    said: str = ""
    until: str = ""
    changes: tuple[str, ...] = ()


def override_page(
    curriculum: Curriculum,
    *,
    name: str,
    class_id: str,
    class_name: str,
    student: str,
    typed: Mapping[str, str],
    now: datetime,
) -> OverridePage:
    """The form, filled in as far as it was; it ends in four weeks unless another day is chosen."""
    until = (now + timedelta(days=HOLDS_DAYS)).date().isoformat()
    place = ("classes", class_id, "students", student)
    return OverridePage(
        name=name,
        class_name=class_name,
        class_href=address("classes", class_id),
        student_href=address(*place),
        here=address(*place, "override"),
        skills=tuple(Choice(s, skill_name(curriculum, s)) for s in curriculum.skills),
        activities=tuple(Choice(a.id, a.name or a.id) for a in curriculum.activities.values()),
        objectives=tuple(Choice(o, objective_name(curriculum, o)) for o in curriculum.objectives),
        typed={**dict.fromkeys(FIELDS, ""), "kind": "pin", "until": until, **typed},
    )


def said_in(typed: Mapping[str, str], *, student: str) -> dict[str, Any]:
    """What the form says, in the words of the API; only the fields that its kind needs."""
    kind = typed.get("kind", "")
    said: dict[str, Any] = {"kind": kind, "student": student, "reason": typed.get("reason", "")}
    if kind in ("pin", "exclude"):
        thing, _, id = typed.get("first" if kind == "pin" else "out", "").partition(":")
        if id:
            said[thing] = id
    elif kind == "set_state":
        said |= {"skill": typed.get("skill"), "state": typed.get("state")}
    elif kind == "move":
        said |= {"objective": typed.get("objective"), "tier": typed.get("tier")}
    elif kind == "skip_prerequisite":
        said["skill"] = typed.get("skip")
    until = typed.get("until", "")
    if until:
        said["expires_at"] = f"{until}T23:59:59Z"
    return {name: value for name, value in said.items() if value}


def last_day(said: Mapping[str, Any]) -> str:
    """The last day on which an override holds, also where the form left that open.

    >>> last_day({"expires_at": "2026-12-26T23:59:59+00:00"})
    '26 Dec 2026'
    """
    return day(datetime.fromisoformat(said["expires_at"]))


def in_words(faults: tuple[Fault, ...]) -> tuple[str, ...]:
    """What is wrong with the form, each in a line."""
    return tuple(_fault(one) for one in faults)


def changes_in(curriculum: Curriculum, found: Mapping[str, Any]) -> Iterator[str]:
    """What a preview would change for one student, each in a sentence; the next activities last."""
    for one in found["states"]:
        name, word = skill_name(curriculum, one["skill"]), STATES[one["after"]].lower()
        yield f"“{name}” is shown as {word}; the model says {STATES[one['before']].lower()}."
    word = found.get("override", {})
    if word.get("kind") == "set_state" and not found["states"]:
        yield "The model says the same already; your word keeps it so."
    for one in found["tiers"]:
        before, after = (TIERS[one[when] or "unplaced"].lower() for when in ("before", "after"))
        name = objective_name(curriculum, one["objective"])
        yield f"On “{name}”: {after}, instead of {before}."
    opened = set(found["blocked"]["before"]) - set(found["blocked"]["after"])
    shut = set(found["blocked"]["after"]) - set(found["blocked"]["before"])
    for skills, word in ((opened, "can start now"), (shut, "has to wait")):
        for skill in curriculum.skills:
            if skill in skills:
                yield f"“{skill_name(curriculum, skill)}” {word}."
    was, will = (named(curriculum, found["next"][when]) for when in ("before", "after"))
    if was == will:
        yield "The next activities stay the same."
    else:
        yield f"Next: {', '.join(will) or 'nothing'}."
        yield f"Without it: {', '.join(was) or 'nothing'}."


def _fault(one: Fault) -> str:
    if one.place == "reason":
        return "Please say why, in a few words: others will read it."
    place = PLACES.get(one.place, one.place)
    return f"Please look at {place} again: {one.expected}."
