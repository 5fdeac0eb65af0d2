"""Laws that every model keeps, whatever it is made of: one list, every name of `MODELS`."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from models.names import MODELS, make, saved_model

models = pytest.mark.parametrize("name", MODELS)


def school(*, students=24, seed=3):
    """Interleaved skills and a combination, repeated items, activities, clock times with ties."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1, students)
    rows = []
    for n in range(10):
        for s in rng.permutation(students):
            skill = ("ratio", "slope", "slope~~ratio")[(n + s) % 3]
            item = int(rng.integers(0, 5))
            right = rng.random() < 1 / (1 + np.exp(-(ability[s] + 0.2 * n - 0.4 * item)))
            rows.append((f"s{s}", skill, f"{skill[:1]}{item}", f"a{item % 2}", n // 2, int(right)))
    columns = ["student", "skill", "item", "activity", "day", "correct"]
    table = pd.DataFrame(rows, columns=columns)
    time = pd.Timestamp("2026-01-05", tz="UTC") + pd.to_timedelta(table.pop("day"), unit="D")
    return table.assign(time=time, source_row=np.arange(len(table)))


EVENTS = school()
UNSEEN = school(students=8, seed=9).assign(
    student=lambda table: "new " + table["student"],
    skill=lambda table: table["skill"].replace("slope", "volume"),
)


@cache
def fitted(name):
    return make(name).fit(EVENTS)


@models
def test_probabilities_are_strictly_between_0_and_1(name):
    for events in (EVENTS, UNSEEN):
        predicted = fitted(name).predict(events)
        assert len(predicted) == len(events)
        assert ((predicted > 0) & (predicted < 1)).all()


@models
@pytest.mark.parametrize("kept", [0, 3, 7])
def test_a_students_future_changes_no_earlier_prediction(name, kept):
    """All answers from one on turned around, and their number too: the past stays as it was."""
    place = EVENTS.groupby("student").cumcount()
    turned = EVENTS.assign(correct=EVENTS["correct"].where(place < kept, 1 - EVENTS["correct"]))
    before = fitted(name).predict(EVENTS)
    np.testing.assert_allclose(
        fitted(name).predict(turned)[place <= kept], before[place <= kept], atol=1e-6
    )
    shorter = EVENTS[place <= kept]
    np.testing.assert_allclose(fitted(name).predict(shorter), before[place <= kept], atol=1e-6)


@models
def test_a_student_is_predicted_alike_whoever_else_is_there(name):
    alone = EVENTS[EVENTS["student"] == "s5"]
    together = fitted(name).predict(EVENTS)[(EVENTS["student"] == "s5").to_numpy()]
    np.testing.assert_allclose(fitted(name).predict(alone), together, atol=1e-6)


@models
def test_the_order_of_the_tables_students_changes_nothing(name):
    """The rows of one student stay in their order; students are interleaved anew."""
    mixed = EVENTS.sort_values("student", kind="stable", ascending=False)
    predicted = pd.Series(fitted(name).predict(mixed), index=mixed.index).sort_index()
    np.testing.assert_allclose(predicted, fitted(name).predict(EVENTS), atol=1e-6)


@models
def test_the_callers_table_is_left_alone(name):
    table = EVENTS.copy(deep=True)
    make(name).fit(table).predict(table)
    pd.testing.assert_frame_equal(table, EVENTS)


@models
def test_a_saved_model_traces_as_before(name, tmp_path):
    fitted(name).save(tmp_path / "model")
    traced = saved_model(tmp_path / "model").trace(EVENTS)
    pd.testing.assert_frame_equal(traced, fitted(name).trace(EVENTS))


@models
def test_a_trace_has_the_rows_of_its_table_and_the_models_predictions(name):
    some = EVENTS.iloc[::-1]
    traced = fitted(name).trace(some)
    assert traced["source_row"].tolist() == some["source_row"].tolist()
    np.testing.assert_array_equal(traced["p_correct"], fitted(name).predict(some))


@models
def test_a_skill_never_seen_is_pooled_and_says_so(name):
    pooled = fitted(name).trace(UNSEEN)["pooled"]
    assert pooled[UNSEEN["skill"].str.contains("volume").to_numpy()].all()
    assert not fitted(name).trace(EVENTS)["pooled"].any()


@models
def test_the_same_seed_gives_the_same_model(name):
    again = make(name).fit(EVENTS).predict(EVENTS)
    np.testing.assert_array_equal(again, fitted(name).predict(EVENTS))


@models
@pytest.mark.parametrize(
    "events",
    [
        pytest.param(EVENTS[EVENTS["student"].isin(["s1", "s2", "s3"])], id="three students"),
        pytest.param(EVENTS[EVENTS["student"] == "s1"], id="one student"),
        pytest.param(EVENTS.head(1), id="one response"),
        pytest.param(EVENTS[EVENTS["skill"] == "ratio"], id="one skill"),
        pytest.param(EVENTS.assign(correct=1), id="all right"),
        pytest.param(EVENTS.assign(correct=0.5), id="half right"),
        pytest.param(EVENTS.assign(time=EVENTS["time"].iloc[0]), id="one time"),
        pytest.param(EVENTS.drop(columns="time"), id="no time"),
        pytest.param(EVENTS.assign(item=EVENTS.index.astype(str)), id="items seen once"),
    ],
)
def test_a_poor_table_is_learnt_from_too(name, events):
    predicted = make(name).fit(events).predict(EVENTS)
    assert ((predicted > 0) & (predicted < 1)).all()


@models
def test_no_rows_are_refused(name):
    with pytest.raises(InvalidInput, match="no rows"):
        make(name).fit(EVENTS.iloc[:0])


@models
def test_a_model_that_was_not_fitted_says_so(name):
    with pytest.raises(InvalidInput, match="fit"):
        make(name).predict(EVENTS)
