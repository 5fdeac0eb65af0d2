"""What decisions rest on beside parameters: facts that a retrain adds to the bundle it serves.

`engine.plans` reads them: the index rule is followed only under a model that no other kind of
model outdoes on students whom neither has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from engine.bundle import Bundle, versioned
from models.names import make

from .evaluation import score
from .metrics import Scores

RIVAL = "pfa"
"""Counts of right and wrong answers and no mastery: what a wrong idea of learning loses to."""


def fit_facts(events: pd.DataFrame, unseen: Any, found: Scores | None) -> dict[str, float]:
    """`log_loss` of the model judged and `rival_log_loss`, nats per answer of unseen students.

    Both were fitted on the same other students. Nothing where the model could not be judged.
    """
    if found is None:
        return {}
    rival = score(make(RIVAL).fit(events[~unseen]), events[unseen])[0]
    return {"log_loss": found.log_loss, "rival_log_loss": rival.log_loss}


def grounded(bundle: Bundle, facts: Mapping[str, Any]) -> Bundle:
    """The bundle with more facts, and the version that these give it."""
    return versioned(replace(bundle, facts={**bundle.facts, **facts}))
