"""`trellis trace`: one row per response, in input order."""

import pandas as pd
import pytest

from models import BKT


def test_there_is_one_row_for_each_response_in_input_order(trellis, bundle, events, tmp_path):
    ran = trellis("trace", bundle, events, "--out", "t.parquet", "--json")
    traced = pd.read_parquet(tmp_path / "t.parquet")
    assert ran.json["rows"] == len(traced) == 300
    assert traced["source_row"].tolist() == list(range(300))
    assert {"p_correct", "p_mastery"} <= set(traced)
    assert traced["p_correct"].between(0, 1, inclusive="neither").all()


def test_a_row_belongs_to_its_own_response_however_the_file_is_sorted(
    trellis, bundle, events, tmp_path
):
    table = pd.read_csv(events)
    table = table.assign(time=pd.date_range("2026-09-01", periods=len(table), freq="min"))
    table.to_csv(tmp_path / "a.csv", index=False)
    turned = table[::-1].reset_index(drop=True)
    turned.to_csv(tmp_path / "b.csv", index=False)
    for name in ("a", "b"):
        assert trellis("trace", bundle, f"{name}.csv", "--out", f"{name}.parquet").status == 0
    forth = pd.read_parquet(tmp_path / "a.parquet")
    back = pd.read_parquet(tmp_path / "b.parquet")
    assert back["source_row"].tolist() == list(range(300))
    pd.testing.assert_series_equal(
        forth["p_correct"], back["p_correct"][::-1].reset_index(drop=True)
    )


def test_the_trace_is_the_one_that_python_gives(trellis, bundle, events, tmp_path):
    trellis("trace", bundle, events, "--out", "t.parquet")
    expected = BKT.load(bundle).trace(pd.read_csv(events))
    found = pd.read_parquet(tmp_path / "t.parquet")
    assert found["p_mastery"].to_numpy() == pytest.approx(expected["p_mastery"].to_numpy())


def test_unusable_rows_are_absent_and_reported(trellis, bundle, tmp_path):
    (tmp_path / "e.csv").write_text("student,skill,correct\nana,ratio,1\nana,,1\nana,ratio,0\n")
    ran = trellis("trace", bundle, "e.csv", "--out", "t.parquet", "--json")
    assert pd.read_parquet(tmp_path / "t.parquet")["source_row"].tolist() == [0, 2]
    assert ran.json["unusable"] == 1
    assert "no skill" in ran.err


def test_a_skill_the_bundle_does_not_know_is_named_and_traced_all_the_same(
    trellis, bundle, tmp_path
):
    (tmp_path / "e.csv").write_text("student,skill,correct\nana,new,1\n")
    ran = trellis("trace", bundle, "e.csv", "--out", "t.parquet", "--json")
    assert ran.json["pooled_skills"] == ["new"]
    assert len(pd.read_parquet(tmp_path / "t.parquet")) == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nowhere", "events.csv", "--out", "t.parquet"], "nowhere"),
        (["events.csv", "events.csv", "--out", "t.parquet"], "events.csv"),
        (["bundle", "events.csv", "--out", "t.csv"], ".parquet"),
        (["bundle", "events.csv", "--out", "folder.parquet"], "a folder"),
        (["bundle", "events.csv", "--out", "events.csv/t.parquet"], "is a file"),
    ],
)
def test_bad_words_are_named_and_nothing_is_written(trellis, bundle, tmp_path, words, named):
    (tmp_path / "folder.parquet").mkdir()
    before = sorted(tmp_path.rglob("*"))
    ran = trellis("trace", *words)
    assert ran.status == 2
    assert named in ran.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_damaged_bundle_is_refused(trellis, bundle, events):
    document = bundle / "bundle.json"
    document.write_text(document.read_text().replace('"responses": 150', '"responses": 151'))
    ran = trellis("trace", bundle, events, "--out", "t.parquet")
    assert ran.status == 2
    assert "damaged" in ran.err


def test_smoothed_mastery_looks_back_from_the_end(trellis, bundle, events, tmp_path):
    assert trellis("trace", bundle, events, "--out", "t.parquet", "--smoothed").status == 0
    found = pd.read_parquet(tmp_path / "t.parquet")
    histories = pd.read_csv(events).groupby(["student", "skill"])
    last = histories.tail(1).index
    smoothed, filtered = found["p_mastery_smoothed"], found["p_mastery"]
    pd.testing.assert_series_equal(smoothed[last], filtered[last], check_names=False)
    # without forgetting whoever had mastered a skill still has
    assert all(smoothed[rows].is_monotonic_increasing for rows in histories.groups.values())


@pytest.mark.parametrize("name", ["mean", "pfa", "lr"])
def test_a_baseline_is_fitted_and_traced_and_says_that_it_has_no_mastery(trellis, events, name):
    ran = trellis("fit", events, "--model", name, "--out", "baseline", "--json")
    assert ran.status == 0
    assert ran.json["model"] == name
    assert ran.json["log_likelihood"] < 0
    assert "no mastery" in ran.err
    traced = trellis("trace", "baseline", events, "--out", "trace.parquet", "--json")
    assert traced.json["rows"] == 300
    assert "no mastery" in traced.err
    table = pd.read_parquet("trace.parquet")
    assert list(table.columns) == ["source_row", "p_correct", "pooled"]


def test_a_baseline_knows_no_options_of_the_family(trellis, events):
    ran = trellis("fit", events, "--model", "lr", "--plain", "--out", "baseline")
    assert (ran.status, "lr" in ran.err) == (2, True)
    assert trellis("fit", events, "--model", "lr", "--out", "baseline").status == 0
    ran = trellis("trace", "baseline", events, "--smoothed", "--out", "trace.parquet")
    assert (ran.status, "lr" in ran.err) == (2, True)
