"""What decisions rest on beside parameters: facts that a retrain adds to the bundle it serves.

`engine.plans` reads them: the index rule is followed only under a model that no other kind of
model outdoes on students whom neither has seen; readiness goes by the strengths of prerequisites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from engine.bundle import Bundle, versioned
from engine.curriculum import Curriculum
from models.edges import learn_course, strengths_of
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


def prerequisite_facts(events: pd.DataFrame, curriculum: Curriculum) -> dict[str, Any]:
    """`strengths`, skill → prerequisite → strength, of edges that the log says enough about, and
    `contradicted`, those edges for the curriculum's owner to look at; `tiring`, how much less is
    learnt of a skill that was just worked on. Nothing where none is known.
    """
    edges, tired = learn_course(events, curriculum)
    against = [[edge.skill, edge.needs] for edge in edges if edge.contradicted]
    found: dict[str, Any] = {"strengths": strengths_of(edges), "contradicted": against}
    found["tiring"] = tired.as_fact() if tired.rate else {}
    return {name: value for name, value in found.items() if value}


def grounded(bundle: Bundle, facts: Mapping[str, Any]) -> Bundle:
    """The bundle with more facts, and the version that these give it."""
    return versioned(replace(bundle, facts={**bundle.facts, **facts}))
