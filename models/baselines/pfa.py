"""Performance factors analysis: a skill's easiness, and what each success and failure adds.

Source: Pavlik, Cen & Koedinger (2009), Performance factors analysis, AIED.
"""

from __future__ import annotations

import numpy as np

from engine.tables import Floats

from .baseline import Baseline
from .design import Design, Family, Part, designed, everywhere
from .histories import Histories, numbered, occurrences_of, vocabulary
from .logistic import STEEPNESS, ascend, predicted
from .records import grouped, windowed

PENALTY = 0.1
"""Of a skill's easiness and slopes: weak, since the model of the paper has none."""
EVER = np.array([np.inf])


class PFA(Baseline):
    """logit P(correct) = β + Σ over the response's skills of β_k + γ_k successes + ρ_k failures.

    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {"student": list("aaabbb"), "skill": "x", "correct": [1, 1, 1, 0, 0, 0]}
    ... )
    >>> predicted = PFA().fit(events).predict(events)
    >>> bool(predicted[2] > predicted[0] > predicted[5])
    True
    """

    name = "pfa"
    uses_items = False

    def _learn(self, histories: Histories) -> None:
        singles = vocabulary(occurrences_of(histories).skills)
        self._numbers = {"singles": list(singles)}
        found = ascend(self._design(histories), histories.correct)
        self._numbers["converged"] = found.gradient < STEEPNESS
        self._arrays = {"weights": found.weights}

    def _answers(self, histories: Histories) -> Floats:
        return predicted(self._design(histories), self._arrays["weights"])

    def _design(self, histories: Histories) -> Design:
        known = vocabulary(self._numbers["singles"])
        asked = occurrences_of(histories)
        groups = grouped(histories.student()[asked.event], asked.skill)
        counts = windowed(
            groups, histories.clock[asked.event], histories.correct[asked.event], windows=EVER
        )
        values = np.column_stack([np.ones(len(asked.event)), counts.right, counts.wrong])
        return designed(
            {"all": Family(1, 1, PENALTY), "skill": Family(len(known) + 1, 3, PENALTY)},
            {
                "all": everywhere([np.ones(histories.events)]),
                "skill": Part(asked.event, numbered(asked.skills, known)[asked.skill], values),
            },
            events=histories.events,
        )
