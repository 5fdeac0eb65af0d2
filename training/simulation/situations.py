"""What a policy sees when it chooses, and how policies are made.

A policy is a function from a `Situation` to one activity for each student. One that remembers more
than the situation tells is a class, made anew for every run, whose objects are called the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from data.worlds import Course, World
from data.worlds.course import Bools, Floats, Integers

from .fitted import Fitted

DRAWS = 4  # uniform numbers a student and step


@dataclass(frozen=True, eq=False)
class Situation:
    """A class of students at one step.

    step        activities done so far
    candidates  [student, activity] what can be done now, at least one activity a student
    mastery     [student, skill] P(held) by knowledge tracing as fitted to the pilot
    last        [student] the activity done last; −1 at first
    correct     [student] its answer: 1, 0, or NaN where nothing was asked
    draws       [student, 4] uniform numbers, the same for every policy
    course      the catalogue and the curriculum's edges
    fitted      what the pilot's log taught about the course
    world       the truth; only the oracle looks
    """

    step: int
    candidates: Bools
    mastery: Floats
    last: Integers
    correct: Floats
    draws: Floats
    course: Course
    fitted: Fitted
    world: World = field(repr=False)

    @property
    def students(self) -> int:
        return len(self.candidates)


Policy = Callable[[Situation], Integers]
Maker = Callable[[], Policy]


def best_of(scores: Floats, candidates: Bools) -> Integers:
    """The candidate with the highest score, [student]; ties go to the first in the catalogue."""
    return np.asarray(np.argmax(np.where(candidates, scores, -np.inf), axis=1))
