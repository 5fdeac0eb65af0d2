"""What a model must beat to be worth its parameters."""

from __future__ import annotations

import numpy as np

from engine.tables import Floats

from .baseline import Baseline
from .histories import UNSEEN, Histories, numbered

PSEUDO_RESPONSES = 5.0
"""Responses' worth of the overall rate that each skill's rate is shrunk by."""
PSEUDO_COIN = 1.0
"""Responses' worth of a fair coin in the overall rate: no course is right or wrong for sure."""


class Mean(Baseline):
    """Predicts every response by its skill's share of correct ones among the students fitted on.

    >>> import pandas as pd
    >>> events = pd.DataFrame({"student": range(99), "skill": "x", "correct": [1, 1, 0] * 33})
    >>> Mean().fit(events).predict(events).round(3).tolist()[:3]
    [0.667, 0.667, 0.667]
    """

    name = "mean"
    uses_items = False

    def _learn(self, histories: Histories) -> None:
        number = numbered(histories.skills, self._skills)[histories.skill]
        size = len(self._skills) + 1
        right = np.bincount(number, weights=histories.correct, minlength=size)
        overall = (right.sum() + 0.5 * PSEUDO_COIN) / (histories.events + PSEUDO_COIN)
        rates = (right + PSEUDO_RESPONSES * overall) / (
            np.bincount(number, minlength=size) + PSEUDO_RESPONSES
        )
        rates[UNSEEN] = overall
        self._arrays = {"rates": rates}

    def _answers(self, histories: Histories) -> Floats:
        number = numbered(histories.skills, self._skills)[histories.skill]
        return np.asarray(self._arrays["rates"][number])
