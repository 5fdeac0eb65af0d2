"""The interface of a simulated classroom, and what every built-in one shares.

A world is made for a seed, which draws its course, and then played:

    world = Matched(seed=3)
    world.reset(students=100, seed=7)
    while …:
        open = world.candidates()        # [student, activity] what can be done now
        correct = world.step(chosen)     # [student] 1, 0, or NaN where nothing was asked
    world.test()                         # [student, skill] held at a delayed test

Every student's chance is a stream of its own, by seed, student and step: whatever a policy does,
student 5 at step 40 meets the same luck, so policies are compared on the same students.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from .course import WORKSHOP, WORKSHOP_EVERY, Bools, Course, Floats, Integers, Truth, draw_course

STEPS = 150
"""Activities that a student does before the test."""
DRAWS = 4  # uniform numbers a student and step
ANSWER, LEARN, FORGET, OTHER = range(DRAWS)


class World(Protocol):
    """What a plug-in has to offer; see the module for what each call is for."""

    course: Course

    def reset(self, students: int, seed: int) -> None: ...
    def candidates(self) -> Bools: ...
    def step(self, activities: Integers) -> Floats: ...
    def held(self) -> Bools: ...
    def test(self) -> Bools: ...
    def progress(self) -> Floats:
        """For the oracle: [student, activity] the share of its skill that doing it now would
        give, on the average, as 1 / the activities of this kind still needed."""
        ...

    def standing(self) -> Floats:
        """[student] how well off a student is before the first activity, from the truth."""
        ...


class Classroom(ABC):
    """Course, clock, workshop seats and chance; what students know is up to the kind of world."""

    course: Course
    truth: Truth
    students: int

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.course, self.truth = draw_course(self._rng)

    def reset(self, students: int, seed: int) -> None:
        """A class of new students at the first step."""
        self.students, self.now = students, 0
        streams = [np.random.default_rng([seed, student]) for student in range(students)]
        self._chance = np.array([stream.random((STEPS, DRAWS)) for stream in streams])
        self._begin(streams)

    @abstractmethod
    def _begin(self, streams: list[np.random.Generator]) -> None:
        """Draws what the students know and what they are like, each from a stream of their own."""

    def candidates(self) -> Bools:
        """Everything, except that a workshop has a seat for a student once in eight activities."""
        seated = (np.arange(self.students) + self.now) % WORKSHOP_EVERY == 0
        return np.asarray((self.course.kind != WORKSHOP)[None, :] | seated[:, None])

    def chance(self, purpose: int) -> Floats:
        """A uniform number for each student at this step."""
        return np.asarray(self._chance[:, self.now % STEPS, purpose])

    def answers(self, p_correct: Floats, activities: Integers) -> Floats:
        """Right or wrong, by chance; NaN where nothing was asked."""
        right = (self.chance(ANSWER) < p_correct).astype(np.float64)
        return np.where(self.course.asks[activities], right, np.nan)


def readiness(held: Bools | Floats, needs: Floats) -> Floats:
    """The share of full speed at which skills are learnt, [student, skill], from what is held.

    >>> readiness(np.array([[1.0, 0.0]]), np.array([[0.0, 0.0], [0.5, 0.0]]))
    array([[1., 1.]])
    >>> readiness(np.array([[0.0, 0.0]]), np.array([[0.0, 0.0], [0.5, 0.0]]))
    array([[1. , 0.5]])
    """
    missing = 1.0 - np.asarray(held, dtype=np.float64)
    return np.asarray(np.exp(missing @ np.log(np.maximum(1.0 - needs, 1e-9)).T))
