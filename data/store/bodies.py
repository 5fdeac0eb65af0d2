"""What each kind of fact must say, and how it becomes a thing of the curriculum."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from engine.curriculum import LEVELS, Activity, Item, Objective, Skill
from engine.errors import Fault, InvalidInput
from engine.goals import GOAL_WEIGHT
from engine.overrides import KINDS as OVERRIDE_KINDS
from engine.overrides import STATES
from engine.responses import SKILL_SEPARATOR
from engine.workshops import MOST_SEATS

from .identifiers import EXPECTED as EXPECTED_ID
from .identifiers import is_id, printable
from .plain import plain

Kind = Literal[
    "skills",
    "objectives",
    "items",
    "activities",
    "students",
    "classes",
    "goals",
    "overrides",
    "help",
    "workshops",
    "workshop_seats",
]
Thing = Skill | Objective | Item | Activity
Body = Mapping[str, Any]

THINGS: Mapping[str, Callable[..., Thing]] = {
    "skills": Skill,
    "objectives": Objective,
    "items": Item,
    "activities": Activity,
}
SERVER_FIELDS = ("id", "version", "updated_at")
"""What the server adds to a body. A caller may send back what it was given; these are not kept."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body: its value when left out, what fits, and that in words."""

    default: Any
    fits: Callable[[Any], bool]
    expected: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list_of_ids(value: Any) -> bool:
    if not isinstance(value, list) or not all(is_id(one) for one in value):
        return False
    return len(set(value)) == len(value)


def _is_filled_list_of_ids(value: Any) -> bool:
    return bool(value) and _is_list_of_ids(value)


def _is_length(value: Any) -> bool:
    # bool is an int to Python, and never a number of minutes.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 < value < math.inf


def _is_level(value: Any) -> bool:
    return value in LEVELS if isinstance(value, str) else False


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_no_list_or_one(value: Any) -> bool:
    return value is None or _is_list_of_ids(value)


def _is_no_count_or_one(value: Any) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value is None or (is_whole and 1 <= value <= MOST_SEATS)


def _is_no_number_or_one(value: Any) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value is None or (is_whole and value >= 0)


def _is_no_id_or_one(value: Any) -> bool:
    return value is None or is_id(value)


def _is_instant(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _is_no_instant_or_one(value: Any) -> bool:
    return value is None or _is_instant(value)


def _is_one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words if isinstance(value, str) else value is None


def _is_list_of_stays(value: Any) -> bool:
    return isinstance(value, list) and all(_is_stay(one) for one in value)


def _is_stay(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != {"student", "from", "until"}:
        return False
    first, last = value["from"], value["until"]
    if not is_id(value["student"]) or not all(_is_no_day_or_one(day) for day in (first, last)):
        return False
    return first is None or last is None or bool(first <= last)


def _is_no_day_or_one(value: Any) -> bool:
    try:
        return value is None or date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


STAYS = "a list of a student, and the days `from` and `until` or null, the first not after the last"
NOBODY = Field(None, lambda value: value is None, "nothing: it is about a class")
MAYBE_IDS = Field(None, _is_no_list_or_one, "a list of ids, each once, or nothing where none said")
SEATS = Field(None, _is_no_count_or_one, f"a whole number from 1 to {MOST_SEATS}, or nothing")
NAME = Field("", _is_text, "a text")
IDS = Field([], _is_list_of_ids, "a list of ids, each once")
SOME_IDS = Field([], _is_filled_list_of_ids, "a list of at least one id, each once")
ONE_ID = Field(None, is_id, EXPECTED_ID)
MAYBE_ID = Field(None, _is_no_id_or_one, EXPECTED_ID)
MOMENT = "ISO 8601 with a time zone"
FLAG = Field(False, _is_flag, "true or false")
FIELDS: Mapping[str, Mapping[str, Field]] = {
    "skills": {"name": NAME, "prerequisites": IDS},
    "objectives": {"name": NAME, "skills": IDS},
    "items": {"name": NAME, "skills": SOME_IDS},
    "activities": {
        "name": NAME,
        "skills": SOME_IDS,
        "modality": Field(Activity.__dataclass_fields__["modality"].default, is_id, EXPECTED_ID),
        "level": Field("on-level", _is_level, f"one of {', '.join(LEVELS)}"),
        "method": NAME,
        "topics": IDS,
        "minutes": Field(10.0, _is_length, "a number above 0"),
        "teacher_led": FLAG,
        "assesses": FLAG,
        "items": IDS,
        "tools": IDS,
        "seats": SEATS,
    },
    "students": {"name": NAME, "family": IDS, "interests": IDS, "tools": MAYBE_IDS},
    "classes": {
        "name": NAME,
        "teacher": NAME,
        "co_teachers": IDS,
        "students": IDS,
        "enrolments": Field([], _is_list_of_stays, STAYS),
        "tools": MAYBE_IDS,
    },
    "groupings": {"class": ONE_ID, "objective": ONE_ID},
    "group_records": {"class": ONE_ID},
    "policies": {"class": ONE_ID},
    "workshops": {
        "student": NOBODY,
        "class": ONE_ID,
        "activity": ONE_ID,
        "starts_at": Field(None, _is_instant, MOMENT),
        "ends_at": Field(None, _is_instant, MOMENT),
        "seats": SEATS,
        "by": NAME,
    },
    "workshop_seats": {"workshop": ONE_ID},
    "goals": {
        "student": MAYBE_ID,
        "class": MAYBE_ID,
        "skill": MAYBE_ID,
        "objective": MAYBE_ID,
        "deadline": Field(None, _is_no_instant_or_one, MOMENT),
        "weight": Field(GOAL_WEIGHT, _is_length, "a number above 0"),
        "by": NAME,
    },
    "overrides": {
        "kind": Field(None, _is_one_of(*OVERRIDE_KINDS), f"one of {', '.join(OVERRIDE_KINDS)}"),
        "student": MAYBE_ID,
        "class": MAYBE_ID,
        "activity": MAYBE_ID,
        "skill": MAYBE_ID,
        "state": Field(None, _is_one_of(*STATES), f"one of {', '.join(STATES)}"),
        "objective": MAYBE_ID,
        "tier": Field(None, _is_one_of(*LEVELS), f"one of {', '.join(LEVELS)}"),
        "prerequisite": MAYBE_ID,
        "grouping": MAYBE_ID,
        "group": Field(None, _is_no_number_or_one, "the number of a group, from 0, or nothing"),
        "done": IDS,
        "reason": NAME,
        "by": NAME,
        "said_at": Field(None, _is_instant, MOMENT),
        "expires_at": Field(None, _is_instant, MOMENT),
    },
    "help": {
        "student": Field(None, is_id, EXPECTED_ID),
        "class": Field(None, lambda value: value is None, "nothing: a student asks"),
        "skill": MAYBE_ID,
        "activity": MAYBE_ID,
        "message": NAME,
        "by": NAME,
        "asked_at": Field(None, _is_instant, MOMENT),
        "status": Field("open", _is_one_of("open", "answered"), "open or answered"),
        "answer": NAME,
        "answered_by": NAME,
        "answered_at": Field(None, _is_no_instant_or_one, MOMENT),
    },
}
WISHES = ("goals", "overrides", "help", "workshops")
"""Kinds of facts that people say of a student or a class; the curriculum is no part of them."""


def check_kind(kind: str) -> None:
    """Raises `InvalidInput` for a kind of fact that there is not."""
    if kind not in FIELDS:
        raise InvalidInput.at("kind", printable(kind), f"one of {', '.join(FIELDS)}")


def whole_bodies(kind: str, rows: Sequence[Body]) -> dict[str, dict[str, Any]]:
    """Each row's body by its id, checked, with every field of its kind and whatever else it says.

    Raises `InvalidInput` listing the faults of all rows.

    >>> whole_bodies("skills", [{"id": "ratio", "name": "Ratios"}])
    {'ratio': {'name': 'Ratios', 'prerequisites': []}}
    """
    check_kind(kind)
    bodies: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows, 1):
        faults.extend(_row_faults(kind, row, number, bodies))
        bodies[str(row.get("id"))] = _completed(kind, row)
    if faults:
        raise InvalidInput(faults)
    return {key: plain(f"{kind} {key}", body) for key, body in bodies.items()}


def thing(kind: str, key: str, body: Body) -> Thing:
    """The fact as the engine knows it."""
    known = {name: value for name, value in current(kind, body).items() if name in FIELDS[kind]}
    settled = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
    return THINGS[kind](id=key, **settled)


def current(kind: str, body: Body) -> dict[str, Any]:
    """A body as it would be kept today: one kept by an earlier version lacks what came later.

    >>> current("classes", {"name": "7b", "students": ["ana"]})["co_teachers"]
    []
    """
    return {**{name: field.default for name, field in FIELDS[kind].items()}, **body}


def _completed(kind: str, row: Body) -> dict[str, Any]:
    """The row with defaults where a field is missing or null, and without the server's fields."""
    defaults = {name: field.default for name, field in FIELDS[kind].items()}
    said = {name: value for name, value in row.items() if value is not None}
    lists = {name: list(v) for name, v in said.items() if isinstance(v, tuple)}
    whole = {**defaults, **said, **lists}
    return {name: value for name, value in whole.items() if name not in SERVER_FIELDS}


def _row_faults(kind: str, row: Body, number: int, before: Mapping[str, Any]) -> Iterator[Fault]:
    key = row.get("id")
    if not is_id(key):
        yield Fault(f"{kind}, row {number}, id", printable(key), EXPECTED_ID)
    elif key in before:
        yield Fault(f"{kind}, row {number}, id", printable(key), "each id once")
    elif kind == "skills" and SKILL_SEPARATOR in str(key):
        yield Fault("skill id", str(key), f"an id without {SKILL_SEPARATOR}, which joins several")
    body = _completed(kind, row)
    for name, field in FIELDS[kind].items():
        if not field.fits(body[name]):
            yield Fault(f"{kind} {printable(key)}, {name}", printable(body[name]), field.expected)
