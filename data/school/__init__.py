"""A simulated school whose truth is known: the demo's content, and a world to test against.

>>> from data.mathematics import middle_school_mathematics
>>> school = simulate_school(middle_school_mathematics(), seed=7, weeks=3)
>>> [one.name for one in school.classes]
['7A — Ms Okafor', '7B — Mr Lindqvist', '7C — Ms Tran']
"""

from .facts import school_facts
from .minds import HELD_FROM
from .roster import SchoolClass, SchoolStudent
from .simulation import School, simulate_school
from .timetable import TERM_START, TERM_WEEKS

__all__ = [
    "HELD_FROM",
    "TERM_START",
    "TERM_WEEKS",
    "School",
    "SchoolClass",
    "SchoolStudent",
    "school_facts",
    "simulate_school",
]
