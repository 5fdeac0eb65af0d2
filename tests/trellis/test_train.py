"""`trellis train`: one retrain, from a file or the log, on real records."""

import shutil

import pytest

from models.bundles import read_bundle


def test_a_file_is_trained_on_and_served(train, models, events, tmp_path):
    found = train(events, "--json").json
    assert (found["version"], found["alias"], found["model"]) == (1, "champion", "hierarchical")
    assert found["unseen"]["n"] > 0
    assert read_bundle(tmp_path / "model").version == found["bundle"]
    [row] = models("list", "--json").json["models"]
    assert (row["aliases"], row["serves"]) == (["champion"], True)


def test_the_log_of_a_tenant_is_trained_on(trellis, train, events):
    trellis("import", "events", events, "--tenant", "lincoln")
    found = train("--tenant", "lincoln", "--json")
    assert found.status == 0
    assert "300 responses" in found.err
    assert train("--tenant", "nobody").status == 2


def test_the_environment_says_where_the_model_serves_from(
    trellis, events, records, tmp_path, monkeypatch
):
    monkeypatch.setenv("TRELLIS_MODEL_DIR", str(tmp_path / "served"))
    assert trellis("train", events, "--tracking", records.folder).status == 0
    assert read_bundle(tmp_path / "served")


@pytest.mark.parametrize(
    ("words", "named"), [(["--model", "mean"], "mean"), (["--model", "x"], "x")]
)
def test_a_model_that_cannot_serve_is_refused(train, events, records, words, named):
    ran = train(events, *words)
    assert ran.status == 2
    assert named in ran.err
    assert records.versions() == []


def test_a_model_folder_that_is_a_file_is_refused_before_anything_is_recorded(
    train, events, records, tmp_path
):
    shutil.copy(events, tmp_path / "model")
    assert train(events).status == 2
    assert records.versions() == []
