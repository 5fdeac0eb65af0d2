import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from engine.tracing import trace_sequence
from models import BKT

COLUMNS = ["source_row", "p_correct", "p_mastery", "p_mastery_low", "p_mastery_high", "pooled"]


@pytest.fixture(scope="module")
def model(events):
    return BKT().fit(events)


def test_fit_returns_the_model_and_leaves_the_table_alone(events):
    before = events.copy(deep=True)
    model = BKT()
    assert model.fit(events) is model
    pd.testing.assert_frame_equal(events, before)


def test_a_trace_has_one_row_per_response_in_table_order(model, events):
    mixed = events.sample(frac=1.0, random_state=0)
    traced = model.trace(mixed)
    assert list(traced.columns) == COLUMNS
    assert traced["source_row"].tolist() == list(range(len(events)))
    assert traced["p_correct"].between(0.0, 1.0, inclusive="neither").all()
    assert not traced.isna().any().any()
    assert (traced["p_mastery_low"] <= traced["p_mastery"]).all()
    assert (traced["p_mastery"] <= traced["p_mastery_high"]).all()


def test_a_trace_agrees_with_the_filter_run_by_hand(model, events):
    one = events[(events["student"] == "7") & (events["skill"] == "ratio")]
    parameters = model.bundle.skills["ratio"].parameters
    by_hand = trace_sequence(one["correct"].to_numpy(dtype=float), parameters)
    traced = model.trace(events).loc[one.index]
    np.testing.assert_allclose(traced["p_mastery"], by_hand.p_mastery, atol=1e-12)
    np.testing.assert_allclose(model.predict(events)[one.index], by_hand.p_correct, atol=1e-12)


def test_the_future_changes_no_earlier_prediction(model, events):
    changed = events.copy()
    late = events.groupby(["student", "skill"]).cumcount() >= 8
    changed.loc[late, "correct"] = 1 - changed.loc[late, "correct"]
    before, after = model.predict(events), model.predict(changed)
    np.testing.assert_array_equal(before[~late], after[~late])
    first_changed = events.groupby(["student", "skill"]).cumcount() == 8
    np.testing.assert_array_equal(before[first_changed], after[first_changed])


def test_an_unseen_skill_gets_the_average_skill_and_says_so(model):
    unseen = pd.DataFrame({"student": ["a"], "skill": ["Volume (3D)"], "correct": [1]})
    assert model.trace(unseen)["pooled"].tolist() == [True]


def test_a_saved_model_is_the_same_model(model, events, tmp_path):
    model.save(tmp_path / "bundle")
    loaded = BKT.load(tmp_path / "bundle")
    assert loaded.bundle.version == model.bundle.version
    pd.testing.assert_frame_equal(loaded.trace(events), model.trace(events))
    pd.testing.assert_frame_equal(loaded.params, model.params)


def test_the_same_seed_gives_the_same_model(events):
    one, two = (BKT(restarts=12, seed=5).fit(events).bundle.version for _ in range(2))
    assert one == two


def test_params_names_every_skill_with_errors_and_counts(model):
    row = model.params.loc["ratio"]
    assert row["responses"] == 3600
    assert row["students"] == 300
    assert 0.0 < row["learn_se"] < 0.1
    assert row["forget"] == 0.0


def test_no_rows_are_refused():
    empty = pd.DataFrame({"student": [], "skill": [], "correct": []})
    with pytest.raises(InvalidInput, match="no rows"):
        BKT().fit(empty)


def test_a_model_that_was_not_fitted_says_so(events):
    with pytest.raises(InvalidInput, match="fit"):
        BKT().trace(events)


def test_no_starting_point_is_refused():
    with pytest.raises(InvalidInput, match="restarts"):
        BKT(restarts=0)
    with pytest.raises(InvalidInput, match="seed"):
        BKT(seed=-1)


@pytest.mark.parametrize("skill", ["C++", "Volume (3D)", "数学", "a,b", "x" * 300, " "])
def test_a_skill_may_have_any_name(skill, tmp_path):
    events = pd.DataFrame({"student": list("aabb"), "skill": skill, "correct": [0, 1, 1, 1]})
    model = BKT().fit(events)
    assert BKT.load(model.save(tmp_path)).params.index.tolist() == [skill]
