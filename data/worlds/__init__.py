"""Simulated classrooms whose truth is known, to compare policies in.

>>> sorted(WORLDS)
['cont', 'fatigue', 'forget', 'hetero', 'matched', 'stages', 'transfer', 'wrongpre']
"""

from .course import KINDS, Course
from .levels import Continuous, Stages
from .mastery import Fatigue, Forgetting, Hetero, Matched, Transfer, WrongPrerequisites
from .world import STEPS, Classroom, World

WORLDS: dict[str, type[Classroom]] = {
    "matched": Matched,
    "hetero": Hetero,
    "wrongpre": WrongPrerequisites,
    "forget": Forgetting,
    "cont": Continuous,
    "stages": Stages,
    "transfer": Transfer,
    "fatigue": Fatigue,
}
"""The built-in worlds by name."""

__all__ = ["KINDS", "STEPS", "WORLDS", "Classroom", "Course", "World"]
