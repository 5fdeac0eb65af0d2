"""The hills of a likelihood: where climbs stand, which of them differ, which is the highest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.tables import Floats, Integers

from .objective import Objective

DEEP, APART = 100.0, 0.1
"""Places lower than the highest of their skill by DEEP, in log-likelihood, lead to no higher top;
places whose parameters all lie nearer than APART lead to the same one."""


class Hills(NamedTuple):
    """Places on the hills of skills, any number for each: the skill, logits [hill, 5], and the
    objective, its gradient and its Hessian there."""

    skill: Integers
    logits: Floats
    value: Floats
    gradient: Floats
    hessian: Floats

    def of(self, which: Integers | NDArray[np.bool_]) -> Hills:
        places = self.logits, self.value, self.gradient, self.hessian
        return Hills(self.skill[which], *(array[which] for array in places))

    def put(self, which: Integers, other: Hills) -> None:
        for mine, new in zip(self, other, strict=True):
            mine[which] = new

    def summit(self) -> Floats:
        """The highest value of each one's skill, [hill]."""
        found = np.full(self.skill.max(initial=-1) + 1, -np.inf)
        np.maximum.at(found, self.skill, self.value)
        return found[self.skill]

    def highest(self) -> Hills:
        """The highest of each skill, skill by skill."""
        ordered = self.of(np.lexsort((-self.value, self.skill)))
        return ordered.of(np.flatnonzero(np.diff(ordered.skill, prepend=-1)))

    def worth(self, goal: Objective) -> NDArray[np.bool_]:
        """Which of them may lead to the highest top of their skill, [hill]."""
        order = np.argsort(self.skill, kind="stable")
        skill = self.skill[order]
        lane = np.arange(len(skill)) - np.searchsorted(skill, skill)
        shape = skill.max(initial=-1) + 1, lane.max(initial=-1) + 1
        value, logits = np.full(shape, -np.inf), np.zeros((*shape, 5))
        value[skill, lane], logits[skill, lane] = self.value[order], self.logits[order]
        found = np.empty(len(skill), dtype=np.bool_)
        found[order] = distinct(value, logits, goal)[skill, lane]
        return found


def distinct(value: Floats, logits: Floats, goal: Objective) -> NDArray[np.bool_]:
    """Which places may be on different hills and lead to the highest top, [skill, lane]."""
    order = np.argsort(-value, axis=1)
    named = np.take_along_axis(goal.right_way_up(logits), order[..., None], axis=1)
    parameters = goal.parameters(named)
    keep = np.take_along_axis(value > value.max(axis=1, keepdims=True) - DEEP, order, axis=1)
    for lane in range(1, value.shape[1]):
        apart = np.abs(parameters[:, lane, None] - parameters[:, :lane]).max(axis=-1) > APART
        keep[:, lane] &= (apart | ~keep[:, :lane]).all(axis=1)
    return np.take_along_axis(keep, np.argsort(order, axis=1), axis=1)
