"""What each kind must be able to learn from a world that holds it."""

import numpy as np
import pandas as pd
import pytest

from models.baselines import LR, PFA
from models.baselines.dkt import DKT, DKTItems
from training.metrics import auc


def able_students(*, students=120, responses=12, seed=0):
    """Every student has an ability, every item a difficulty; nobody learns."""
    rng = np.random.default_rng(seed)
    ability = np.repeat(rng.normal(0, 1.5, students), responses)
    item = rng.integers(0, 8, students * responses)
    right = rng.random(len(item)) < 1 / (1 + np.exp(-(ability + np.linspace(-2, 2, 8)[item])))
    student = np.repeat(np.arange(students), responses)
    table = {"student": student, "skill": "x", "item": item, "correct": right}
    return pd.DataFrame(table).astype({"student": str, "item": str, "correct": int})


def held_out_auc(model, events):
    out = events["student"].astype(int) >= 80
    return auc(model.fit(events[~out]).predict(events[out]), events["correct"][out])


@pytest.mark.parametrize("model", [PFA(), DKT()])
def test_the_record_tells_able_students_from_others(model):
    assert held_out_auc(model, able_students()) > 0.6


@pytest.mark.parametrize("model", [LR(), DKTItems()])
def test_items_are_known_beside_the_record(model):
    events = able_students()
    assert held_out_auc(model, events) > 0.74
    assert held_out_auc(model, events.assign(item="one")) < 0.72


def test_what_was_fitted_by_the_clock_reads_a_table_without_one():
    events = able_students(students=90)
    timed = events.assign(time=pd.date_range("2026-01-01", periods=len(events), freq="h"))
    model = LR().fit(timed[timed["student"].astype(int) < 80])
    untimed = model.predict(events)
    assert ((untimed > 0) & (untimed < 1)).all()
    assert auc(untimed, events["correct"]) > 0.7
