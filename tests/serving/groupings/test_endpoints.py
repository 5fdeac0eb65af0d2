"""Who of a class needs what now: decided, and stored whole."""

from __future__ import annotations

import pytest

PATH = "/v1/classes/7b/groupings"


def seats(document):
    return {
        student["student"]: group["tier"]
        for group in document["groups"]
        for student in group["students"]
    }


def test_a_grouping_is_stored_as_it_was_decided(world, answer):
    reply = world.call("POST", PATH, json={"objective": "proportion", "kind": "need"})
    assert reply.status_code == 201
    world.send(answer(1))
    assert world.get(reply.headers["location"]).json() == reply.json()


def test_a_student_without_evidence_is_unplaced_and_nobody_is_lost(world, answer):
    world.send(*(answer(i, correct=False) for i in range(8)))
    found = world.call("POST", PATH, json={"objective": "proportion"}).json()
    assert [one["student"] for one in found["unplaced"]] == ["ben"]
    assert set(seats(found)) == {"ana"}


def test_wrong_answers_on_what_it_builds_on_lead_to_support(world, answer):
    world.send(*(answer(i, correct=False) for i in range(12)))
    found = world.call("POST", PATH, json={"objective": "proportion"}).json()
    assert seats(found)["ana"] == "support"
    support = next(group for group in found["groups"] if group["tier"] == "support")
    assert support["students"][0]["reasons"]


def test_every_tier_is_there_with_its_activities(world):
    found = world.call("POST", PATH, json={"objective": "proportion"}).json()
    assert [group["tier"] for group in found["groups"]] == ["support", "on-level", "advanced"]
    assert all(isinstance(group["activities"], dict) for group in found["groups"])


@pytest.mark.parametrize("kind", ["mixed", "pairs", "manual"])
def test_kinds_not_offered_yet_are_refused_in_words(world, expected_by_field, kind):
    reply = world.call("POST", PATH, json={"objective": "proportion", "kind": kind})
    assert reply.status_code == 422
    assert "only" in expected_by_field(reply)["kind"]


def test_an_unknown_objective_is_named(world, expected_by_field):
    reply = world.call("POST", PATH, json={"objective": "none"})
    assert reply.status_code == 422
    assert "proportion" in expected_by_field(reply)["objective"]


def test_an_empty_class_groups_nobody(world):
    world.call("PUT", "/v1/classes/empty", json={})
    found = world.call("POST", "/v1/classes/empty/groupings", json={"objective": "proportion"})
    assert seats(found.json()) == {}
    assert found.json()["unplaced"] == []


def test_a_teacher_groups_only_their_own_class(world):
    replies = {
        who: world.call("POST", PATH, who, json={"objective": "proportion"})
        for who in ("teacher", "stranger", "data", "foreign")
    }
    assert {who: reply.status_code for who, reply in replies.items()} == {
        "teacher": 201,
        "stranger": 404,
        "data": 403,
        "foreign": 404,
    }
    path = replies["teacher"].headers["location"]
    assert world.get(path, "stranger").status_code == 404
