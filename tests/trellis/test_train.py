"""`trellis train` and `trellis models`: the data team's road, on real records."""

import shutil

import pytest

from models.bundles import read_bundle


@pytest.fixture
def train(trellis, events, records):
    def run(*words):
        return trellis("train", *words, "--tracking", records.folder, "--model-dir", "model")

    return run


@pytest.fixture
def models(trellis, records):
    def run(*words):
        return trellis("models", *words, "--tracking", records.folder, "--model-dir", "model")

    return run


def test_a_file_is_trained_on_and_served(train, models, events, tmp_path):
    found = train(events, "--json").json
    assert (found["version"], found["alias"], found["model"]) == (1, "champion", "classic")
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


def test_promote_and_rollback_change_what_serves(train, models, events, tmp_path):
    train(events)
    train(events, "--model", "classic+forgets")
    [second, first] = models("list", "--json").json["models"]
    for version, row in ((2, second), (1, first), (2, second)):
        assert models("promote", version).status == 0
        assert read_bundle(tmp_path / "model").version == row["bundle"]
    assert models("rollback", "--json").json["champion"] == 1
    assert read_bundle(tmp_path / "model").version == first["bundle"]


def test_the_environment_says_where_the_model_serves_from(
    trellis, events, records, tmp_path, monkeypatch
):
    monkeypatch.setenv("TRELLIS_MODEL_DIR", str(tmp_path / "served"))
    assert trellis("train", events, "--tracking", records.folder).status == 0
    assert read_bundle(tmp_path / "served")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["promote", "7"], "7"),
        (["promote"], "challenger"),
        (["rollback"], "previous"),
        (["promote", "first"], "first"),
    ],
)
def test_what_is_not_there_cannot_be_promoted(train, models, events, words, named):
    train(events)
    ran = models(*words)
    assert ran.status == 2
    assert named in ran.err


def test_no_records_are_the_callers_fault_and_none_are_made(trellis, tmp_path):
    ran = trellis("models", "list", "--tracking", "nowhere")
    assert ran.status == 2
    assert list(tmp_path.iterdir()) == []


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
