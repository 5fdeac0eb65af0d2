"""What became of a recommendation: joined on reading, never written into the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest


def decided(world, student="ana", **request):
    return world.call("POST", f"/v1/students/{student}/recommendations", json=request).json()


def after(world, **time):
    return (world.now + timedelta(**time)).isoformat()


def outcome_of(world, document):
    return world.get(f"/v1/recommendations/{document['id']}").json()["outcome"]


def test_at_first_it_is_open(world):
    document = decided(world)
    assert document["outcome"]["status"] == "open"
    assert document["expires_at"] == after(world, days=14)
    assert world.get(f"/v1/recommendations/{document['id']}").json() == document


def test_answers_that_name_it_become_its_outcome(world, answer):
    document = decided(world)
    first = document["candidates"][0]
    said = {"recommendation": document["id"], "activity": first["activity"]}
    world.send(
        answer(1, occurred_at=after(world, minutes=1), **said),
        answer(2, occurred_at=after(world, minutes=2), correct=False, **said),
    )
    found = outcome_of(world, document)
    assert (found["status"], found["activity"], found["rank"]) == (
        "acted_on",
        first["activity"],
        1,
    )
    assert (found["answers"], found["right"]) == (2, 0.5)
    assert (found["predicted"], found["propensity"]) == (first["p_correct"], first["propensity"])
    moved = found["p_mastery"]
    assert (moved["skill"], moved["before"]) == ("fractions", pytest.approx(0.3))
    assert moved["after"] != moved["before"]


def test_an_activity_that_was_not_offered_has_no_rank(world, answer):
    document = decided(world)
    world.send(answer(1, recommendation=document["id"], activity="paint"))
    found = outcome_of(world, document)
    assert (found["activity"], found["rank"], found["propensity"]) == ("paint", None, None)


def test_answers_of_others_and_those_taken_back_are_no_outcome(world, answer):
    document = decided(world)
    said = {"recommendation": document["id"], "activity": "cards"}
    world.send(answer(1, student="ben", **said), answer(2, **said), answer(3, **said))
    world.send({"id": "v", "student": "ana", "voids": "e2"})
    assert outcome_of(world, document)["answers"] == 1


def test_what_nobody_acts_on_expires_and_is_still_there(world, answer):
    document = decided(world)
    object.__setattr__(
        world.app.state.context, "clock", lambda: world.now + timedelta(days=14, seconds=1)
    )
    assert outcome_of(world, document)["status"] == "expired"
    world.send(answer(1, recommendation=document["id"]))
    assert outcome_of(world, document)["status"] == "acted_on"
