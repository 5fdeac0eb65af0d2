"""Simulated classrooms whose truth is known, to compare policies in.

>>> sorted(WORLDS)  # doctest: +NORMALIZE_WHITESPACE
['alternate', 'cont', 'fatigue', 'forget', 'hetero', 'massed', 'matched', 'stages', 'transfer',
 'wrongpre']
"""

from .course import KINDS, Course
from .levels import Continuous, Stages
from .mastery import Fatigue, Forgetting, Hetero, Matched, Transfer, WrongPrerequisites
from .tired import Alternate, Massed
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
    "massed": Massed,
    "alternate": Alternate,
}
"""The built-in worlds by name."""

__all__ = ["KINDS", "STEPS", "WORLDS", "Classroom", "Course", "World"]
