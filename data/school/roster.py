"""Who is in the school: classes, their teachers, and students with names as a register has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from string import ascii_uppercase
from typing import Literal

import numpy as np

_FIRST_NAMES_IN_A_ROW = """
    Aaliyah Adam Aisha Alejandro Amara Amir Ana Andre Anika Arjun Ayumi Beatriz Ben Bilal
    Bruno Camila Carlos Chidi Chloe Dalia Daniel Darius Diego Dmitri Elena Eli Elif Emeka
    Emma Esra Ethan Fatima Felix Finn Gabriela Grace Hana Hannah Haruto Hassan Ibrahim Imani
    Ines Isaac Isla Ivan Jada Jamal Jasmine Jayden Jin Joao Jonas Kai Kavya Keisha Kenji
    Khadija Kofi Lara Leila Leo Linh Lucia Luka Maya Malik Marisol Mateo Mei Mia Miguel Mila
    Minh Nadia Naomi Nia Nikhil Noah Noor Oliver Omar Paolo Petra Priya Quinn Rafael Rania
    Ravi Rosa Ruth Sana Santiago Sara Sina Sofia Soren Tala Tariq Teo Thandiwe Tomas Uma
    Valentina Viktor Wei Yara Yusuf Zainab Zoe
"""
FIRST_NAMES = tuple(_FIRST_NAMES_IN_A_ROW.split())
INITIALS = "ABCDEFGHIJKLMNOPRSTVWYZ"  # the first letters that surnames usually have
TEACHERS = (
    "Ms Okafor",
    "Mr Lindqvist",
    "Ms Tran",
    "Mr Haddad",
    "Mrs Kowalski",
    "Mx Reyes",
    "Ms Banerjee",
    "Mr Osei",
)
GRADE = 7

SEATS_FOR_EXCEPTIONS = 12  # smaller schools have neither absentees nor a newcomer
SEATS_PER_ABSENTEE = 42  # one student in so many is away for most of the term

Story = Literal["regular", "ahead", "mostly absent", "newcomer"]
SHARE_AHEAD = 0.1  # judgement: two or three of a class work ahead of it


@dataclass(frozen=True, slots=True)
class SchoolStudent:
    """A student of the simulated school; `story` says how the term went for them."""

    id: str
    name: str
    class_id: str
    joined: date
    story: Story = "regular"


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class with its teacher and the ids of its students."""

    id: str
    name: str
    teacher: str
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who belongs to the school."""

    classes: tuple[SchoolClass, ...]
    students: tuple[SchoolStudent, ...]


def draw_roster(
    rng: np.random.Generator, *, classes: int, students_per_class: int, start: date, weeks: int
) -> Roster:
    """A school's register, with its absentees and its newcomer chosen.

    >>> from numpy.random import default_rng
    >>> roster = draw_roster(default_rng(1), classes=2, students_per_class=3,
    ...                      start=date(2025, 9, 8), weeks=14)
    >>> [(one.id, one.name, one.students) for one in roster.classes]
    [('7a', '7A — Ms Okafor', ('s001', 's002', 's003')),
     ('7b', '7B — Mr Lindqvist', ('s004', 's005', 's006'))]
    """
    seats = classes * students_per_class
    names = _names(rng, seats)
    stories = _stories(rng, seats)
    last_week = start + timedelta(weeks=weeks - 1)
    students = tuple(
        SchoolStudent(
            id=f"s{seat + 1:03d}",
            name=names[seat],
            class_id=_label(seat // students_per_class).lower(),
            joined=last_week if stories[seat] == "newcomer" else start,
            story=stories[seat],
        )
        for seat in range(seats)
    )
    return Roster(tuple(_class(number, students) for number in range(classes)), students)


def _class(number: int, students: tuple[SchoolStudent, ...]) -> SchoolClass:
    label, teacher = _label(number), TEACHERS[number % len(TEACHERS)]
    members = tuple(s.id for s in students if s.class_id == label.lower())
    return SchoolClass(label.lower(), f"{label} — {teacher}", teacher, members)


def _label(number: int) -> str:
    """7A … 7Z, then 7AA, 7AB …, as a spreadsheet names its columns."""
    letters, number = "", number + 1
    while number:
        number, letter = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[letter] + letters
    return f"{GRADE}{letters}"


def _names(rng: np.random.Generator, seats: int) -> list[str]:
    """First names that repeat only where the school has more students than the list has names."""
    rounds = -(-seats // len(FIRST_NAMES))
    firsts = [FIRST_NAMES[i] for _ in range(rounds) for i in rng.permutation(len(FIRST_NAMES))]
    initials = rng.choice(list(INITIALS), size=seats)
    return [f"{first} {initial}." for first, initial in zip(firsts, initials, strict=False)]


def _stories(rng: np.random.Generator, seats: int) -> list[Story]:
    """One story a seat. The newcomer has the last number, as registers give it."""
    ahead = rng.random(seats) < SHARE_AHEAD
    stories: list[Story] = ["ahead" if early else "regular" for early in ahead]
    if seats >= SEATS_FOR_EXCEPTIONS:
        absentees = max(1, seats // SEATS_PER_ABSENTEE)
        for seat in rng.choice(seats - 1, size=absentees, replace=False):
            stories[seat] = "mostly absent"
        stories[-1] = "newcomer"
    return stories
