import numpy as np
import pandas as pd
import pytest

from training import metrics
from training.breakdown import POSITIONS, breakdown, calibration, encounters, positions
from training.evaluation import Comparison, Judged, ModelScores, Unseen


@pytest.fixture
def found():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "student": rng.choice(["a", "b", "c"], 300),
            "skill": rng.choice(["x", "y"], 300),
            "correct": rng.choice([0.0, 1.0], 300),
        }
    )
    p = rng.random(300)
    judged = Judged(ModelScores("m", 0, 0, 0, 0, 0, 300, 0, 0), p, None)
    student = pd.factorize(frame["student"])[0]
    return Comparison(Unseen(frame, student, np.zeros(300, dtype=int)), (judged,))


def test_first_encounters_and_positions_are_counted_by_the_clock():
    frame = pd.DataFrame(
        {
            "student": "a",
            "skill": "x",
            "correct": 1.0,
            "time": pd.to_datetime(["2026-01-02", "2026-01-01"], utc=True),
        }
    )
    assert encounters(frame).tolist() == ["later", "first with the skill"]
    many = pd.DataFrame({"student": ["a"] * 21, "skill": "x", "correct": 1.0})
    assert positions(many).tolist()[19:] == ["5 to 19 before", f"20 to {POSITIONS[3] - 1} before"]


@pytest.mark.parametrize("kind", ["encounter", "position", "skill"])
def test_the_groups_are_all_the_responses_once(found, kind):
    rows = breakdown(found, kind)
    assert sum(row["n"] for row in rows) == 300
    right = sum(row["n"] * row["right"] for row in rows)
    assert right == pytest.approx(found.unseen.correct.sum())


def test_a_groups_scores_are_those_of_its_responses(found):
    [x, _] = breakdown(found, "skill")
    here = found.unseen.frame["skill"].eq("x").to_numpy()
    assert x["auc"] == metrics.auc(found.models[0].p_correct[here], found.unseen.correct[here])


def test_the_calibration_table_adds_up_to_the_calibration_error(found):
    rows = calibration(found)
    gaps = sum(row["n"] * abs(row["predicted"] - row["right"]) for row in rows) / 300
    expected = metrics.ece(found.models[0].p_correct, found.unseen.correct)
    assert gaps == pytest.approx(expected, abs=1e-12)
    assert all(row["from"] <= row["predicted"] <= row["to"] for row in rows)
