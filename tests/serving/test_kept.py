"""Beliefs that are kept are those that would be worked out anew, on every worker."""

from __future__ import annotations

import pytest

from data.store import Stamp, Store
from serving.answers import Reading, student_mastery
from serving.kept import Basis, KeptBeliefs


def basis(events=1, model="v1"):
    return Basis(Stamp(1, events, events), (), model)


def test_memory_is_bounded_and_what_was_used_last_stays():
    kept = KeptBeliefs(most=2)
    for student in ("ana", "ben"):
        kept.keep("t", student, basis(), {})
    kept.get("t", "ana", basis())
    kept.keep("t", "cy", basis(), {})
    assert kept.get("t", "ana", basis()) == {}
    assert kept.get("t", "ben", basis()) is None


def test_another_event_model_student_or_tenant_is_another_basis():
    kept = KeptBeliefs()
    kept.keep("t", "ana", basis(), {})
    assert kept.get("t", "ana", basis(events=2)) is None
    assert kept.get("t", "ana", basis(model="v2")) is None
    assert kept.get("t", "ben", basis()) is None
    assert kept.get("u", "ana", basis()) is None


@pytest.fixture
def worker(world, settings, bundle):
    """Another process on the same database: its own store, and its own beliefs kept."""
    kept = KeptBeliefs()
    with Store.open(settings.database_url) as store:
        yield lambda: Reading(store, bundle, "north", world.now, kept=kept)


def count(reading):
    return student_mastery(reading, "ana").skills["fractions"].n


def test_every_worker_reads_what_any_other_wrote(world, worker, answer):
    for number in range(1, 4):
        world.send(answer(number))
        assert count(worker()) == number
        assert world.get("/v1/students/ana/mastery").json()["skills"][0]["n"] == number


def test_what_is_kept_is_used_again_while_nothing_changes(worker, world, answer):
    world.send(answer(1))
    first, again = worker().beliefs("ana"), worker().beliefs("ana")
    assert first["fractions"] is again["fractions"]


def test_a_retraction_a_new_item_and_a_deleted_skill_are_seen_at_once(world, worker, answer):
    world.send(answer(1), answer(2), answer(3, skills=None, item="new"))
    assert count(worker()) == 2
    world.send({"id": "v", "student": "ana", "voids": "e2"})
    assert count(worker()) == 1
    world.call("PUT", "/v1/items/new", json={"skills": ["fractions"]})
    assert count(worker()) == 2
    world.call("PUT", "/v1/skills/late", json={})
    assert "late" in worker().beliefs("ana")


def test_a_new_model_believes_anew(world, worker, promote, answer):
    from engine.bundle import BUNDLE_FILE, decode, encode, versioned

    world.send(answer(1))
    before = world.get("/v1/students/ana/mastery").json()
    bundle = decode((world.folder / "model" / BUNDLE_FILE).read_bytes())
    promote(encode(versioned(bundle.__class__("classic", {}, bundle.skills["fractions"]))))
    after = world.get("/v1/students/ana/mastery").json()
    assert after["model"] != before["model"]
    assert {skill["model"] for skill in after["skills"]} == {after["model"]}
