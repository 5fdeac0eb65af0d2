"""A middle-school mathematics course, written for the demo and for tests that need a real one.

The words live in `mathematics.toml`, where a teacher can read and change them. This file builds
the catalogue from them: every question becomes an item, and every skill gets three kinds of
exercise and a quick check beside the activities that the course lists by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from engine.curriculum import Activity, Curriculum, Item, Objective, Skill

Entry = dict[str, Any]  # one table of the TOML file


class Exercise(NamedTuple):
    """A kind of exercise that every skill has, and which of its questions it asks."""

    kind: str
    title: str
    modality: str
    level: str
    minutes: float
    questions: slice


STEPS = Exercise("steps", "Step by step", "interactive exercise", "support", 10, slice(0, 3))
PRACTICE = Exercise("practice", "Practice", "interactive exercise", "on-level", 12, slice(1, 6))
CHALLENGE = Exercise("challenge", "Challenge", "interactive exercise", "advanced", 12, slice(4, 7))
QUICK_CHECK = Exercise("check", "Quick check", "quiz", "on-level", 8, slice(0, 7, 2))


@cache
def middle_school_mathematics() -> Curriculum:
    """The whole course: 32 skills, 8 objectives, and what is asked and done for each.

    >>> course = middle_school_mathematics()
    >>> course.skills["two-step-equations"].prerequisites
    ('one-step-equations', 'equivalent-expressions')
    >>> [activity.name for activity in course.activities_for("slope")][1:3]
    ['Rise over run, and when it is negative', 'Step by step: slope']
    """
    course = tomllib.loads(files(__package__).joinpath("mathematics.toml").read_text("utf-8"))
    entries: list[Entry] = course["skill"]
    return Curriculum.of(
        skills=[Skill(e["id"], e["name"], tuple(e["builds_on"])) for e in entries],
        objectives=[Objective(o["id"], o["name"], tuple(o["skills"])) for o in course["objective"]],
        items=[item for entry in entries for item in _items(entry)],
        activities=[activity for entry in entries for activity in _activities(entry)],
    )


def _items(entry: Entry) -> Iterator[Item]:
    for number, question in enumerate(entry["questions"], start=1):
        identifier = f"{entry['id']}-{number}"
        if isinstance(question, str):
            yield Item(identifier, (entry["id"],), question)
        else:
            yield Item(identifier, (entry["id"], question["also"]), question["ask"])


def _activities(entry: Entry) -> Iterator[Activity]:
    listed = [_listed(entry["id"], *words) for words in entry["activities"]]
    yield from listed
    items = [item.id for item in _items(entry)]
    yield _exercise(entry, STEPS, items)
    yield _exercise(entry, PRACTICE, items)
    if not any(activity.level == "advanced" for activity in listed):
        yield _exercise(entry, CHALLENGE, items)
    yield _exercise(entry, QUICK_CHECK, items)


def _listed(skill: str, modality: str, level: str, minutes: float, name: str) -> Activity:
    """An activity that the course names by hand. It teaches; it asks nothing that is scored."""
    return Activity(
        f"{skill}-{modality}",
        (skill,),
        name,
        modality=modality,
        level=level,
        minutes=float(minutes),
        teacher_led=modality == "workshop",
    )


def _exercise(entry: Entry, exercise: Exercise, items: Sequence[str]) -> Activity:
    return Activity(
        f"{entry['id']}-{exercise.kind}",
        (entry["id"],),
        f"{exercise.title}: {_inside_a_title(entry['name'])}",
        modality=exercise.modality,
        level=exercise.level,
        minutes=float(exercise.minutes),
        assesses=exercise is QUICK_CHECK,
        items=tuple(items[exercise.questions]),
    )


def _inside_a_title(name: str) -> str:
    """A skill's name as it stands after a colon: only its first letter changes."""
    return name[0].lower() + name[1:]
