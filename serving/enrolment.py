"""Who teaches a class, and who sits in it on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

Facts = Mapping[str, Any]


def enrolled(class_: Facts, on: date) -> list[str]:
    """The students of a class on a day, in the order of its list.

    A student without dates is there as long as the list names them. One with dates is there from
    the first to the last day of any of their stays, both included.

    >>> class_ = {"students": ["ana", "ben"],
    ...           "enrolments": [{"student": "ben", "from": "2026-09-01", "until": "2026-12-18"}]}
    >>> enrolled(class_, date(2026, 12, 18)), enrolled(class_, date(2026, 12, 19))
    (['ana', 'ben'], ['ana'])
    """
    stays = class_.get("enrolments", ())
    dated = {stay["student"] for stay in stays}
    there = {stay["student"] for stay in stays if _covers(stay, on)}
    return [one for one in class_["students"] if one not in dated or one in there]


def teaches(class_: Facts, user: str | None) -> bool:
    """Whether somebody is the class's teacher or one of its co-teachers.

    >>> teaches({"teacher": "", "co_teachers": ["mr-stone"]}, "mr-stone")
    True
    >>> teaches({"teacher": ""}, ""), teaches({"teacher": ""}, None)
    (False, False)
    """
    return bool(user) and user in (class_["teacher"], *class_.get("co_teachers", ()))


def _covers(stay: Facts, on: date) -> bool:
    day = on.isoformat()  # dates in this form compare as texts do
    return (stay["from"] or day) <= day <= (stay["until"] or day)
