"""What each kind must be able to learn from a world that holds it."""

import numpy as np
import pandas as pd
import pytest

from models.baselines import LR, PFA, LRHints, LRPace, LRPairs
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


def carried_over(*, students=150, seed=5):
    """Whether the step before went well decides the next, in one skill after one other alone."""
    rng = np.random.default_rng(seed)
    rows = []
    for s in range(students):
        before, went = "", 0
        for skill in rng.choice(["plan", "sum", "check"], 12):
            sure = 0.9 if (before, went) == ("plan", 1) else 0.1
            went = int(rng.random() < (sure if skill == "sum" and before == "plan" else 0.5))
            rows.append((str(s), skill, went))
            before = skill
    return pd.DataFrame(rows, columns=["student", "skill", "correct"])


def test_pairs_know_what_one_skill_means_for_the_next():
    events = carried_over()
    assert held_out_auc(LRPairs(), events) > held_out_auc(LR(), events) + 0.03


def worked(events, *, seed=2):
    """Hints, seconds and pauses that tell how the next response will go."""
    rng = np.random.default_rng(seed)
    coming = events.groupby("student")["correct"].shift(-1).fillna(1)
    noise = rng.random(len(events)) < 0.2
    unsure = (coming == 0) ^ noise
    return events.assign(hints=2 * unsure, response_ms=np.where(unsure, 60_000, 4_000))


@pytest.mark.parametrize("kind", [LRHints, LRPace])
def test_how_a_student_worked_tells_of_the_next_response(kind):
    events = worked(able_students())
    assert held_out_auc(kind(), events) > held_out_auc(LR(), events) + 0.03
    assert held_out_auc(kind(), able_students()) > 0.7  # and is not needed


def test_a_long_pause_before_a_response_counts():
    events = able_students()
    hours = np.where(events["correct"] == 1, 5.0, 0.001)
    time = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.cumsum(hours), unit="h")
    timed = events.assign(time=time)
    assert held_out_auc(LRPace(), timed) > 0.9
