import numpy as np
import pandas as pd
import pytest

from engine.beliefs import student_beliefs
from engine.errors import InvalidInput
from engine.responses import Response
from engine.tracing import trace_sequence
from models import BKT


def course(*, students=400, items=12, seed=0):
    """One skill whose items differ: the later ones are guessed less and slipped on more."""
    rng = np.random.default_rng(seed)
    guess, slip = np.linspace(0.45, 0.05, items), np.linspace(0.02, 0.4, items)
    known = rng.random(students) < 0.4
    rows = []
    for _ in range(12):
        item = rng.integers(0, items, students)
        correct = rng.random(students) < np.where(known, 1 - slip[item], guess[item])
        rows.append(pd.DataFrame({"student": range(students), "item": item, "correct": correct}))
        known |= rng.random(students) < 0.1
    frame = pd.concat(rows, ignore_index=True).assign(skill="x")
    return frame.astype({"student": str, "item": str, "correct": int}), guess, slip


@pytest.fixture(scope="module")
def taught():
    events, guess, slip = course()
    return BKT(items=True).fit(events), events, guess, slip


def test_difficulties_are_recovered(taught):
    model, _, guess, slip = taught
    own = model.bundle.skills["x"].items
    found = np.array([own[str(i)] for i in range(len(guess))])
    assert np.corrcoef(found[:, 0], guess)[0, 1] > 0.8
    assert np.corrcoef(found[:, 1], slip)[0, 1] > 0.8


def test_unseen_students_are_predicted_better_than_without_items(taught):
    model, events, _, _ = taught
    unseen = course(seed=1)[0]

    def log_loss(model):
        p = model.predict(unseen)
        return -np.log(np.where(unseen["correct"] == 1, p, 1 - p)).mean()

    assert log_loss(model) < log_loss(BKT().fit(events)) - 0.01


def test_more_freedom_never_lowers_the_plain_likelihood(taught):
    _, events, _, _ = taught
    without = BKT(map=False).fit(events).bundle.facts["log_likelihood"]
    with_items = BKT(items=True, map=False).fit(events).bundle.facts["log_likelihood"]
    assert with_items >= without - 1e-6


def test_a_trace_reads_each_items_own_guess_and_slip(taught):
    model, events, _, _ = taught
    estimate = model.bundle.skills["x"]
    one = events[events["student"] == "3"]
    prior, learn, forget, _, _ = estimate.parameters
    known, found = prior, []
    for item, correct in zip(one["item"], one["correct"], strict=True):
        guess, slip = estimate.items[item]
        p = known * (1 - slip) + (1 - known) * guess
        found.append(p)
        known = known * (1 - slip) / p if correct else known * slip / (1 - p)
        known = known * (1 - forget) + (1 - known) * learn
    np.testing.assert_allclose(model.predict(events)[one.index], found, atol=1e-12)


def test_a_belief_is_what_the_trace_says(taught):
    model, events, _, _ = taught
    one = events[events["student"] == "3"]
    times = pd.date_range("2026-01-01", periods=len(one), tz="UTC").to_pydatetime()
    rows = zip(one["item"], one["correct"], times, strict=True)
    responses = [Response(str(n), "3", ("x",), c, at, i) for n, (i, c, at) in enumerate(rows)]
    belief = student_beliefs(responses, model.bundle)["x"]
    last = model.trace(events).loc[one.index[-1]]
    shown = (belief.p_mastery, belief.low, belief.high)
    assert shown == pytest.approx(
        (last["p_mastery"], last["p_mastery_low"], last["p_mastery_high"]), abs=1e-12
    )


def test_an_unseen_item_gets_its_skills_average(taught):
    model, _, _, _ = taught
    unseen = pd.DataFrame({"student": "z", "skill": "x", "item": ["new", None], "correct": [1, 0]})
    by_hand = trace_sequence(np.array([1.0, 0.0]), model.bundle.skills["x"].parameters)
    np.testing.assert_allclose(model.predict(unseen), by_hand.p_correct, atol=1e-12)
    nameless = unseen.drop(columns="item")
    np.testing.assert_allclose(model.predict(nameless), by_hand.p_correct, atol=1e-12)


def test_an_average_that_stands_in_for_an_item_is_flagged(taught):
    model, _, _, _ = taught
    some = pd.DataFrame({"student": "z", "skill": "x", "item": ["3", "new", None], "correct": 1})
    assert model.trace(some)["pooled"].tolist() == [False, True, True]
    assert model.trace(some.drop(columns="item"))["pooled"].all()


def test_a_saved_model_keeps_its_items(taught, tmp_path):
    model, events, _, _ = taught
    loaded = BKT.load(model.save(tmp_path))
    assert loaded.name == "items"
    np.testing.assert_array_equal(loaded.predict(events), model.predict(events))


def test_under_map_no_item_is_upside_down(taught):
    model, _, _, _ = taught
    assert all(guess + slip < 1 for guess, slip in model.bundle.skills["x"].items.values())


def test_the_climb_ends_where_the_gradient_is_zero(taught):
    model, _, _, _ = taught
    assert model.bundle.facts["converged"]
    assert model.bundle.facts["largest_gradient"] < 0.05
    errors = model.params.loc["x", ["prior_se", "learn_se", "guess_se", "slip_se"]]
    assert (errors.astype(float) > 0).all()


def test_without_a_column_of_items_it_says_what_is_missing(events):
    with pytest.raises(InvalidInput, match="column item"):
        BKT(items=True).fit(events.drop(columns="item"))
