"""What a model must beat to be worth its parameters."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.tables import Floats

from .sequences import sequences_of

PSEUDO_RESPONSES = 5.0
"""Responses' worth of the overall rate that each skill's rate is shrunk by."""


class Mean:
    """Predicts every response by its skill's share of correct ones among the students fitted on.

    >>> events = pd.DataFrame({"student": list("abcd"), "skill": "x", "correct": [1, 1, 1, 0]})
    >>> Mean().fit(events).predict(events).tolist()
    [0.75, 0.75, 0.75, 0.75]
    """

    name = "mean"

    def fit(self, events: pd.DataFrame) -> Self:
        """Takes note of every skill's rate; returns the model itself."""
        sequences = sequences_of(events)
        if not sequences.events:
            raise InvalidInput.at("events", "no rows", "at least one response")
        self._overall = float(sequences.correct.mean())
        totals = np.bincount(
            np.repeat(sequences.skill_of, np.diff(sequences.starts)),
            weights=sequences.correct[sequences.order],
            minlength=len(sequences.skills),
        )
        rates = (totals + PSEUDO_RESPONSES * self._overall) / (
            sequences.responses_of() + PSEUDO_RESPONSES
        )
        self._rates = dict(zip(sequences.skills, rates.tolist(), strict=True))
        return self

    def predict(self, events: pd.DataFrame) -> Floats:
        """P(correct) for every response, in table order."""
        sequences = sequences_of(events)
        rates = np.array([self._rates.get(skill, self._overall) for skill in sequences.skills])
        predicted = np.empty(sequences.events)
        predicted[sequences.order] = np.repeat(rates, sequences.responses_of())
        return predicted
