"""`trellis evaluate`: by two files, by a split column, or by folds."""

import pandas as pd
import pytest

FIELDS = {
    "model", "auc", "rmse", "log_loss", "accuracy", "ece", "n", "fit_seconds", "trace_seconds"
}  # fmt: skip


@pytest.fixture
def sides(events, tmp_path):
    table = pd.read_csv(events)
    for name in ("train", "test"):
        rows = table[table["split"] == name].drop(columns="split")
        rows.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path / "train.csv", tmp_path / "test.csv"


def test_two_files_and_one_with_a_split_column_score_alike(trellis, events, sides):
    apart = trellis(
        "evaluate", "--train", sides[0], "--test", sides[1], "--model", "classic", "--json"
    )
    joined = trellis("evaluate", events, "--model", "classic", "--json")
    same = trellis("evaluate", "--train", events, "--test", events, "--model", "classic", "--json")
    only = trellis("evaluate", "--train", events, "--model", "classic", "--json")
    respelt = trellis(
        "evaluate", "--train", events, "--test", events.name, "--model", "classic", "--json"
    )
    scores = [
        {k: v for k, v in ran.json["models"][0].items() if not k.endswith("seconds")}
        for ran in (apart, joined, same, only, respelt)
    ]
    assert scores == [scores[0]] * 5
    assert scores[0]["n"] == 100


def test_each_model_has_the_fields_that_others_rely_on(trellis, events):
    names = ["classic", "classic+forgets", "mean"]
    words = [word for name in names for word in ("--model", name)]
    models = trellis("evaluate", events, *words, "--json").json["models"]
    assert [row["model"] for row in models] == names
    assert all(set(row) == FIELDS for row in models)


def test_folds_give_means_with_their_spread(trellis, events):
    [row] = trellis("evaluate", events, "--folds", 3, "--model", "mean", "--json").json["models"]
    assert set(row) > FIELDS
    assert row["auc"] == pytest.approx(sum(fold["auc"] for fold in row["folds"]) / 3)
    assert row["spread"]["auc"] > 0
    assert row["n"] == 300


def test_without_json_a_table_is_printed(trellis, events):
    ran = trellis("evaluate", events, "--folds", 3)
    assert "hierarchical" in ran.out
    assert "auc ±" in ran.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "EVENTS"),
        (["events.csv", "--train", "train.csv"], "EVENTS"),
        (["--test", "test.csv"], "--train"),
        (["--train", "train.csv"], "split"),
        (["train.csv"], "split"),
        (["--train", "events.csv", "--test", "test.csv"], "s020"),
        (["events.csv", "--folds", "1"], "folds"),
        (["events.csv", "--folds", "1000"], "folds"),
        (["events.csv", "--folds", "1000000000000"], "folds"),
        (["--train", "train.csv", "--test", "test.csv", "--folds", "3"], "--folds"),
        (["events.csv", "--model", "oracle"], "oracle"),
        (["events.csv", "--model", "classic", "--model", "oracle"], "oracle"),
    ],
)
def test_bad_words_are_named(trellis, sides, words, named):
    ran = trellis("evaluate", *words)
    assert ran.status == 2
    assert named in ran.err
    assert ran.out == ""


def test_models_are_told_apart_with_intervals(trellis, events):
    words = ["--model", "classic", "--model", "mean", "--model", "pfa", "--against", "mean"]
    rows = trellis("evaluate", events, *words, "--replicates", 50, "--json").json["differences"]
    assert {row["model"] for row in rows} == {"classic", "pfa"}
    assert {row["metric"] for row in rows} == {"auc", "log_loss", "rmse"}
    assert all(row["low"] <= row["high"] for row in rows)


def test_all_that_can_be_told_is_told_as_text_and_as_values(trellis, events):
    words = ["--model", "classic", "--model", "mean", "--replicates", 50, "--by", "encounter"]
    words += ["--by", "position", "--by", "skill", "--calibration", "--validity", 0.6]
    ran = trellis("evaluate", events, "--folds", 3, *words, "--json")
    kinds = ["differences", "by_encounter", "by_position", "by_skill", "calibration", "validity"]
    assert list(ran.json) == ["models", *kinds]
    [valid] = ran.json["validity"]
    assert valid["model"] == "classic"
    assert valid["declared"] > 0
    assert set(valid["next_3"]) == {"right", "n", "low", "high"}
    text = trellis("evaluate", events, "--folds", 3, *words).out
    assert "first with the skill" in text
    assert "0 to 4 before" in text


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--against", "lr"], "--against"),
        (["--replicates", 0], "--replicates"),
        (["--validity", 1], "--validity"),
        (["--by", "weekday"], "weekday"),
    ],
)
def test_reports_that_cannot_be_are_refused(trellis, events, words, named):
    ran = trellis("evaluate", events, "--model", "classic", *words)
    assert ran.status == 2
    assert named in ran.err
