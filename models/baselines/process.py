"""What long logs hold beside right and wrong: the logistic model with one kind of it each.

They are here to measure, on any course, what a model could still learn from the way a student
works: what came just before, hints, and the pace. All of it is of earlier responses.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.tables import Floats, Integers

from .design import Family, Part, everywhere, present
from .histories import UNSEEN, Histories, numbered
from .lr import LR, SHARED

PAIR, PACE = 5.0, 0.5
"""Penalties, beside those of `LR`."""
PAUSES = (1.0, 5.0, 10.0, 20.0, 40.0, 90.0, 300.0, 1800.0, 36000.0)
"""Classes of the seconds since the student's last response."""
USUAL_MS = 8000.0
SHORTEST_MS, LONGEST_MS = 200.0, 300_000.0


class LRPairs(LR):
    """With an effect of every pair of skills that follow each other, by how the first went."""

    name = "lr+pairs"

    def _note(self, histories: Histories) -> None:
        self._numbers["pairs"] = np.unique(self._pairs(histories)).tolist()

    def _more(self, histories: Histories, scale: float) -> Mapping[str, tuple[Family, Part]]:
        known = np.array(self._numbers["pairs"], dtype=np.int64)
        pairs = self._pairs(histories)
        place = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
        right = _before(histories, histories.correct) > 0.5
        key = np.where(known[place] == pairs, 1 + 2 * place + right, UNSEEN)
        family = Family(2 * len(known) + 1, 1, scale * PAIR)
        return {"pairs": (family, present(np.arange(histories.events), key))}

    def _pairs(self, histories: Histories) -> Integers:
        """[event] the skill before and the skill now as one number; −1 at a student's first."""
        skill = numbered(histories.skills, self._skills)[histories.skill]
        pair = np.roll(skill, 1) * (len(self._skills) + 1) + skill
        return np.where(histories.firsts(), -1, pair)


class LRHints(LR):
    """With the hints taken before: at the last response, and on the average so far."""

    name = "lr+hints"

    def _more(self, histories: Histories, scale: float) -> Mapping[str, tuple[Family, Part]]:
        last = _before(histories, histories.hints)
        taken = np.cumsum(histories.hints) - histories.hints
        first = np.repeat(taken[histories.starts[:-1]], histories.lengths())
        average = (taken - first) / (1.0 + histories.positions())
        part = everywhere([(last > 0.0).astype(np.float64), np.log1p(last), np.log1p(average)])
        return {"hints": (Family(1, 3, scale * SHARED), part)}


class LRPace(LR):
    """With the pause before the response and the time that the last answer took, by how it went."""

    name = "lr+pace"

    def _more(self, histories: Histories, scale: float) -> Mapping[str, tuple[Family, Part]]:
        right = _before(histories, histories.correct)
        took = np.clip(np.nan_to_num(histories.took, nan=USUAL_MS), SHORTEST_MS, LONGEST_MS)
        slow = _before(histories, np.log(took / USUAL_MS))
        part = everywhere([slow, slow * right, slow**2, slow**2 * right])
        pause = np.searchsorted(PAUSES, np.diff(histories.clock, prepend=0.0))
        nothing = histories.firsts() | (not (histories.clocked and self._numbers["clocked"]))
        key = np.where(nothing, UNSEEN, 1 + 2 * pause + (right > 0.5))
        classes = Family(2 * len(PAUSES) + 3, 1, scale * PACE)
        return {
            "took": (Family(1, 4, scale * SHARED), part),
            "pause": (classes, present(np.arange(histories.events), key)),
        }


def _before(histories: Histories, values: Floats) -> Floats:
    """[event] the value at the student's response before, 0 at the first."""
    return np.where(histories.firsts(), 0.0, np.roll(values, 1))
