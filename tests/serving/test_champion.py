"""The model in force, and what becomes of those that come after it."""

from __future__ import annotations

import pytest

from engine.bundle import Bundle, encode
from engine.errors import Unavailable
from serving.champion import Champion


@pytest.fixture
def other(bundle: Bundle) -> bytes:
    """Another good bundle."""
    return encode(bundle.__class__("classic+forgets", bundle.skills, bundle.pooled))


def test_there_is_no_model_before_the_first_bundle(tmp_path):
    with pytest.raises(Unavailable, match="trellis train"):
        Champion(tmp_path).bundle()


def test_a_bundle_is_taken_up_when_it_appears(tmp_path, bundle, promote):
    champion = Champion(tmp_path / "model")
    assert champion.state().bundle is None
    promote(encode(bundle))
    assert champion.bundle().version == bundle.version


def test_a_replaced_bundle_is_swapped_in(tmp_path, bundle, other, promote):
    promote(encode(bundle))
    champion = Champion(tmp_path / "model")
    before = champion.bundle()
    promote(other)
    assert champion.bundle().model == "classic+forgets"
    assert before.model == "classic"  # whoever holds the old one keeps it whole


@pytest.mark.parametrize("bad", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"9" * 5000])
def test_a_bad_bundle_is_refused_and_the_old_one_stays(tmp_path, bundle, promote, bad):
    promote(encode(bundle))
    champion = Champion(tmp_path / "model")
    champion.bundle()
    promote(bad)
    assert champion.bundle().version == bundle.version
    assert "refused" in str(champion.state().refusal)


def test_a_good_bundle_ends_the_refusal(tmp_path, bundle, other, promote):
    champion = Champion(tmp_path / "model")
    promote(b"{}")
    with pytest.raises(Unavailable, match="refused"):
        champion.bundle()
    promote(other)
    assert champion.bundle().model == "classic+forgets"
    assert champion.state().refusal is None


def test_a_bundle_taken_away_stays_in_force(tmp_path, bundle, promote):
    promote(encode(bundle))
    champion = Champion(tmp_path / "model")
    champion.bundle()
    (tmp_path / "model" / "bundle.json").unlink()
    assert champion.bundle().version == bundle.version


def test_the_server_swaps_without_a_restart(world, answer, other, promote):
    world.send(answer(1))
    before = world.get("/v1/students/ana/mastery").json()
    promote(other)
    after = world.get("/v1/students/ana/mastery").json()
    assert before["model"] != after["model"]
    assert world.get("/v1/model").json()["model"] == "classic+forgets"


def test_the_server_reports_a_refusal_and_goes_on(world, promote):
    version = world.get("/v1/model").json()["version"]
    promote(b"{}")
    reported = world.get("/v1/model").json()
    assert reported["version"] == version
    assert "refused" in reported["refusal"]
    assert world.get("/v1/students/ana/mastery").status_code == 200
