"""Data that break other fits: a clear refusal, or numbers that are probabilities, with reasons."""

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from engine.parameters import PARAMETER_NAMES
from engine.tracing import condition, log_odds_of, probability
from models import BKT

from .conftest import TRUTH, simulated


def table(correct, **columns):
    students = np.arange(len(correct)) // 3
    found = {"student": students.astype(str), "skill": "ratio", "correct": correct, **columns}
    return pd.DataFrame(found)


POOR = {
    "one response": ([1], "one response"),
    "all right": ([1] * 30, "every answer is right"),
    "all wrong": ([0] * 30, "every answer is wrong"),
    "one student": ([0, 1, 1], ""),
}


@pytest.mark.parametrize("options", [{}, {"items": True}, {"gaps": True}, {"priors": True}])
@pytest.mark.parametrize("map_estimate", [True, False], ids=["map", "plain"])
@pytest.mark.parametrize(("correct", "reason"), POOR.values(), ids=POOR)
def test_poor_skills_are_fitted_and_named(correct, reason, map_estimate, options):
    events = table(correct, item="one item")
    model = BKT(map=map_estimate, **options).fit(events)
    parameters = model.params.loc["ratio", list(PARAMETER_NAMES)].astype(float)
    assert parameters.between(0.0, 1.0).all()
    assert np.isfinite(model.bundle.facts["log_likelihood"])
    assert model.predict(events).min() > 0.0
    if not map_estimate:
        assert reason in model.params.loc["ratio", "flags"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1.5, -0.1, None])
def test_what_is_no_share_of_a_right_answer_is_refused_by_row_and_value(value):
    events = table([1, 0, value, 1])
    with pytest.raises(InvalidInput, match=r"column correct, row 2: got .*a number from 0 to 1"):
        BKT().fit(events)
    with pytest.raises(InvalidInput, match="column correct, row 2"):
        BKT().fit(table([1, 0, 1])).trace(events)


WIDTHS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]


@pytest.mark.parametrize("kind", [*WIDTHS, "float32", "bool", "Int8", "boolean", "Float64"])
def test_answers_may_have_any_type_of_number(kind):
    events = simulated(TRUTH, students=30)
    expected = BKT().fit(events).bundle.skills
    found = BKT().fit(events.astype({"correct": kind})).bundle.skills
    assert {k: v.parameters for k, v in found.items()} == {
        k: v.parameters for k, v in expected.items()
    }


@pytest.mark.parametrize("kind", [*WIDTHS[1:], "category", "object", "string"])
def test_names_may_have_any_type(kind):
    events = simulated(TRUTH, students=30).replace({"skill": {"ratio": 1, "slope": 2}})
    numbered = events.astype({"student": int, "skill": int, "item": int})
    expected = BKT(items=True).fit(numbered.astype(str).astype({"correct": int}))
    other = numbered.astype(dict.fromkeys(["student", "skill", "item"], kind))
    found = BKT(items=True).fit(other)
    pd.testing.assert_frame_equal(found.params, expected.params)
    pd.testing.assert_frame_equal(found.rows, expected.rows)


@pytest.mark.parametrize("column", ["student", "skill"])
def test_a_response_of_nobody_or_nothing_is_refused_by_row(column):
    events = simulated(TRUTH, students=3)
    events.loc[4, column] = None
    with pytest.raises(InvalidInput, match=f"column {column}, row 4"):
        BKT().fit(events)


def test_half_an_answer_is_half_the_evidence():
    # the shares of a right and of a wrong answer add up in log-odds
    at = log_odds_of(0.4)
    right, wrong = (condition(at, y, 0.2, 0.1) - at for y in (1.0, 0.0))
    for share in (0.25, 0.5, 0.9):
        moved = condition(at, share, 0.2, 0.1) - at
        assert moved == pytest.approx(share * right + (1 - share) * wrong)


@pytest.mark.parametrize("options", [{}, {"forgets": True}, {"items": True}])
def test_partial_scores_count_by_their_share(options):
    events = simulated(TRUTH, students=60)
    rubric = events.assign(correct=events["correct"] * 0.8 + 0.1)
    model = BKT(**options).fit(rubric)
    assert model.bundle.facts["converged"]
    first = (
        model.trace(rubric, intervals=False).groupby([rubric["student"], rubric["skill"]]).head(1)
    )
    estimate = model.bundle.skills["ratio"]
    row = first.index[(rubric.loc[first.index, "skill"] == "ratio").to_numpy()][0]
    own = estimate.items.get(rubric.loc[row, "item"], estimate.parameters)
    state = condition(
        log_odds_of(estimate.parameters.prior), rubric.loc[row, "correct"], own.guess, own.slip
    )
    assert first.loc[row, "p_mastery"] == pytest.approx(probability(state), abs=1e-12)


def many_items(items, seed=0):
    """Twenty responses of each student, no item met twice."""
    rng = np.random.default_rng(seed)
    known = (rng.random(items // 20) < 0.3)[:, None] | (rng.random((items // 20, 20)) < 0.1)
    known = np.maximum.accumulate(known, axis=1)
    correct = rng.random(known.shape) < np.where(known, 0.9, 0.2)
    student = np.repeat(np.arange(items // 20), 20)
    events = {"student": student, "skill": "ratio", "item": np.arange(items)}
    return pd.DataFrame({**events, "correct": correct.ravel().astype(int)})


def test_as_many_items_as_responses_are_fitted_each_near_its_skill():
    model = BKT(items=True, restarts=1).fit(many_items(20_000))
    estimate = model.bundle.skills["ratio"]
    assert model.bundle.facts["converged"]
    assert len(estimate.items) == 20_000
    assert all(item.guess + item.slip < 1.0 for item in estimate.items.values())


def test_items_met_once_by_a_flip_of_a_coin_are_fitted_too():
    events = many_items(20_000)
    coin = np.random.default_rng(1).integers(0, 2, len(events))
    model = BKT(items=True, restarts=1).fit(events.assign(correct=coin))
    assert model.bundle.facts["converged"]


def test_a_million_distinct_items_are_read_and_traced():
    model = BKT(items=True, restarts=1).fit(many_items(2_000))
    traced = model.trace(many_items(1_000_000), intervals=False)
    assert traced["pooled"].sum() == 1_000_000 - 2_000
    assert traced["p_correct"].between(0.0, 1.0, inclusive="neither").all()
