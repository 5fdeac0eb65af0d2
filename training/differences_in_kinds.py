"""Which kinds of activity students differ in, as a retrain adds it to the bundle it serves."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engine.bundle import Bundle
from engine.curriculum import Curriculum
from models.kinds import learn_kinds

from .follow_ups import histories_of


def kind_facts(unseen: pd.DataFrame, judged: Bundle, curriculum: Curriculum) -> dict[str, Any]:
    """`kinds`: kind → mean and spread over students of the log of its effect, for those kinds in
    which students clearly differ; nothing where there is none, or the log names no activities.

    `unseen` are answers, with times, of students that the model judged was not fitted to: on those
    it was fitted to, what is theirs may have gone into its parameters.
    """
    if "activity" not in unseen or "time" not in unseen or unseen["time"].isna().any():
        return {}
    learnt = learn_kinds(histories_of(unseen), judged, curriculum)
    return {"kinds": {kind: list(one.prior) for kind, one in learnt.items()}} if learnt else {}
