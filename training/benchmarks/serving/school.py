"""A district to measure on: made from a number, so that two runs ask about the same one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from data.store import Store
from data.store.events import Arrival
from engine.bundle import Bundle, versioned
from engine.parameters import SkillEstimate, SkillParameters

TENANT = "district"
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
DAY = 86_400 * 10**6
CLASS = 35
OBJECTIVE = "o0"  # the first ten skills
IN_A_ROW = 5  # answers on a skill before the next one
MODALITIES = ("video", "text", "game")
LEVELS = ("support", "on-level", "advanced")


class Size(NamedTuple):
    """How large a district is."""

    students: int
    answers: int  # of each student
    skills: int = 200
    activities: int = 10_000

    @property
    def events(self) -> int:
        return self.students * self.answers


def student_id(number: int) -> str:
    return f"s{number:06d}"


def build(url: str, size: Size) -> str:
    """The district is in the database; a platform's key to it."""
    with Store.open(url) as store:
        _put_curriculum(store, size)
        _put_roster(store, size)
        store.fill(TENANT, answers(size))
        return store.create_key(TENANT, "platform", NOW)


def model(size: Size) -> Bundle:
    """A model of its skills, as `trellis fit --model classic` makes them."""
    known = SkillEstimate(
        SkillParameters(0.3, 0.15, 0.0, 0.2, 0.1),
        SkillParameters(*[0.01] * 5),
        np.eye(5) / 100.0,
    )
    return versioned(Bundle("classic", {f"k{n}": known for n in range(size.skills)}, known))


def answers(size: Size, *, first: int = 0) -> Iterator[Arrival]:
    """Every student's answers, skill after skill, from the student numbered `first` on."""
    rng = np.random.default_rng(first)
    start = (NOW.timestamp() * 10**6) - size.answers * DAY
    for number in range(first, first + size.students):
        begin = rng.integers(size.skills)
        items = (begin + np.arange(size.answers) // IN_A_ROW) % size.skills
        right = (rng.random(size.answers) < 0.7).astype(float).tolist()
        name = student_id(number)
        for place, (item, correct) in enumerate(zip(items.tolist(), right, strict=True)):
            at = int(start) + place * DAY
            yield _arrival(f"{name}-{place:05d}", name, f"i{item}", correct, at)


def _arrival(id: str, student: str, item: str, correct: float, at: int) -> Arrival:
    nothing = (None,) * 10
    return Arrival(TENANT, id, student, None, item, correct, at, True, 0, *nothing, at, False)


def _put_curriculum(store: Store, size: Size) -> None:
    skills = [
        {"id": f"k{n}", "prerequisites": [f"k{n - 10}"] if n >= 10 else []}
        for n in range(size.skills)
    ]
    items = [{"id": f"i{n}", "skills": [f"k{n}"]} for n in range(size.skills)]
    activities = [
        {
            "id": f"a{n}",
            "skills": [f"k{n % size.skills}"],
            "modality": MODALITIES[n % len(MODALITIES)],
            "level": LEVELS[n // size.skills % len(LEVELS)],
        }
        for n in range(size.activities)
    ]
    store.put_many(TENANT, "skills", skills, now=NOW)
    store.put_many(TENANT, "items", items, now=NOW)
    objective = {"skills": [f"k{n}" for n in range(min(10, size.skills))]}
    store.put(TENANT, "objectives", OBJECTIVE, objective, now=NOW)
    store.put_many(TENANT, "activities", activities, now=NOW)


def _put_roster(store: Store, size: Size) -> None:
    everybody = [student_id(number) for number in range(size.students)]
    rows = range(0, size.students, CLASS)
    classes = [{"id": f"c{n // CLASS}", "students": everybody[n : n + CLASS]} for n in rows]
    store.put_roster(TENANT, [{"id": one} for one in everybody], classes, now=NOW)
