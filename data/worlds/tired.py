"""Worlds in which rules for tiring were made, so that `fatigue` could be left to judge them.

massed     hetero, and the more of the last six activities were on a skill, the less it is learnt
alternate  hetero, and a skill is learnt at less than half its speed directly after itself
"""

from __future__ import annotations

import numpy as np

from .course import Bools, Floats, Integers
from .mastery import Hetero

LATELY = 6
LOST_EACH, LEAST_LEFT = 0.13, 0.25
LEFT_AFTER_ITSELF = 0.45


class Massed(Hetero):
    """Learning falls with the share of recent work that was on the same skill."""

    def _begin(self, streams: list[np.random.Generator]) -> None:
        self._recent = np.zeros((LATELY, self.students, self.course.skills))
        super()._begin(streams)

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        super()._settle(rows, skills, learnt)
        self._recent = np.roll(self._recent, 1, axis=0)
        self._recent[0] = 0.0
        self._recent[0, rows, skills] = 1.0

    def _rates(self) -> Floats:
        left = np.maximum(1.0 - LOST_EACH * self._recent.sum(axis=0), LEAST_LEFT)
        return np.asarray(super()._rates() * left[:, self.course.skill_of])


class Alternate(Hetero):
    """Twice in a row on one skill teaches little the second time."""

    def _begin(self, streams: list[np.random.Generator]) -> None:
        self._last = np.full(self.students, -1)
        super()._begin(streams)

    def _settle(self, rows: Integers, skills: Integers, learnt: Bools) -> None:
        super()._settle(rows, skills, learnt)
        self._last = skills

    def _rates(self) -> Floats:
        again = self.course.skill_of[None, :] == self._last[:, None]
        return np.asarray(super()._rates() * np.where(again, LEFT_AFTER_ITSELF, 1.0))
