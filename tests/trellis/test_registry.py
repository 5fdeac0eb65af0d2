"""`trellis models`: what is registered, and what serves."""

import pytest

from models.bundles import read_bundle


def test_promote_and_rollback_change_what_serves(train, models, events, tmp_path):
    train(events)
    train(events, "--model", "classic+forgets")
    [second, first] = models("list", "--json").json["models"]
    for version, row in ((2, second), (1, first), (2, second)):
        assert models("promote", version).status == 0
        assert read_bundle(tmp_path / "model").version == row["bundle"]
    assert models("rollback", "--json").json["champion"] == 1
    assert read_bundle(tmp_path / "model").version == first["bundle"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["promote", "7"], "7"),
        (["promote"], "no version waits"),
        (["rollback"], "version 1 is the first that serves"),
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
