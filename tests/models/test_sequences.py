import numpy as np
import pandas as pd
import pytest

from data.events import in_order
from engine.errors import InvalidInput
from models.sequences import sequences_of


def table(**columns):
    return pd.DataFrame({"student": ["b", "a", "b", "a"], "skill": "x", "correct": 1, **columns})


def test_every_student_keeps_the_order_of_the_table():
    found = sequences_of(table())
    assert found.order.tolist() == [0, 2, 1, 3]
    assert found.starts.tolist() == [0, 2, 4]


def test_clock_time_decides_the_order_of_a_student_whose_every_row_has_one():
    times = pd.to_datetime(["2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"], utc=True)
    assert sequences_of(table(time=times)).order.tolist() == [2, 0, 3, 1]
    partly = times.to_series(index=range(4)).where([True, True, False, True])
    assert sequences_of(table(time=partly)).order.tolist() == [0, 2, 3, 1]


@pytest.mark.parametrize(
    "times",
    [
        ["2026-01-04", "2026-01-03T10:00:00Z", "2026-01-02T10:00:00+02:00", "2026-01-01"],
        [1767484800, 1767398400.5, 1767312000, 1767225600],
        pd.to_datetime(["2026-01-04", "2026-01-03", "2026-01-02", "2026-01-01"]),
    ],
)
def test_times_may_be_text_or_seconds_or_without_zone(times):
    assert sequences_of(table(time=times)).order.tolist() == [2, 0, 3, 1]


@pytest.mark.parametrize(
    ("name", "value"), [("time", "yesterday"), ("order", "b"), ("correct", "x")]
)
def test_values_that_cannot_be_read_are_refused_by_their_column(name, value):
    with pytest.raises(InvalidInput, match=f"column {name}"):
        sequences_of(table(**{name: [value] * 4}))


def test_without_clock_time_the_order_column_decides():
    assert sequences_of(table(order=[4, 3, 2, 1])).order.tolist() == [2, 0, 3, 1]
    assert sequences_of(table(order_id=[4, 3, 2, None])).order.tolist() == [2, 0, 1, 3]


def test_models_and_readers_agree_on_what_came_first():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "student": rng.integers(0, 12, 200).astype(str),
            "skill": "x",
            "correct": 1,
            "order": pd.array(rng.integers(0, 50, 200)).astype("Float64"),
            "time": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 9, 200)),
        }
    )
    frame.loc[frame["student"].isin(["1", "2"]) & (rng.random(200) < 0.5), "time"] = pd.NaT
    frame.loc[frame["student"].isin(["2", "3"]) & (rng.random(200) < 0.5), "order"] = None
    assert sequences_of(frame).order.tolist() == in_order(frame).index.tolist()


def test_equal_times_keep_the_order_of_the_table():
    times = pd.to_datetime(["2026-01-01"] * 4, utc=True)
    assert sequences_of(table(time=times)).order.tolist() == [0, 2, 1, 3]


def test_a_combination_of_skills_is_one_skill_in_any_order():
    found = sequences_of(table(skill=["p~~q", "q~~p", "q~~p~~q", "p"]))
    assert found.skills == ("p", "p~~q")


@pytest.mark.parametrize(
    "dtype", ["int8", "uint16", "int64", "float32", "float64", "bool", "Int64"]
)
def test_answers_may_be_of_any_width(dtype):
    found = sequences_of(table().astype({"correct": dtype}))
    assert found.correct.tolist() == [1.0] * 4


@pytest.mark.parametrize("dtype", ["object", "str", "category", "int64"])
def test_ids_may_be_of_any_type(dtype):
    frame = table(student=["7", "3", "7", "3"]).astype({"student": dtype})
    assert np.diff(sequences_of(frame).starts).tolist() == [2, 2]


def test_pybkt_column_names_are_understood():
    frame = table().rename(columns={"student": "user_id", "skill": "skill_name"})
    assert sequences_of(frame).skills == ("x",)


def test_missing_columns_are_all_named():
    with pytest.raises(InvalidInput, match=r"column skill.*\n.*column correct"):
        sequences_of(pd.DataFrame({"student": ["a"]}))


@pytest.mark.parametrize("value", [1.5, -0.1, np.nan, np.inf, -np.inf])
def test_an_answer_outside_0_to_1_is_refused_with_its_row(value):
    with pytest.raises(InvalidInput, match="row 2"):
        sequences_of(table(correct=[1, 0, value, 1]))


@pytest.mark.parametrize("column", ["student", "skill"])
def test_a_missing_id_is_refused_with_its_row(column):
    with pytest.raises(InvalidInput, match=f"column {column}, row 1"):
        sequences_of(table(**{column: ["a", None, "b", "c"]}))


def test_the_table_is_left_as_it_was():
    frame = table(skill=["q~~p"] * 4)
    before = frame.copy(deep=True)
    sequences_of(frame)
    pd.testing.assert_frame_equal(frame, before)
