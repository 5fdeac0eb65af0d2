"""What a student should do next: decided, stored whole, and the same for the same facts."""

from __future__ import annotations

import math

import pytest

PATH = "/v1/students/ana/recommendations"


def decided(reply):
    changing = {"id", "decided_at"}
    return {name: value for name, value in reply.json().items() if name not in changing}


def test_a_recommendation_is_stored_as_it_was_decided(world, answer):
    reply = world.call("POST", PATH, json={"intent": "learn", "n": 3})
    assert reply.status_code == 201
    world.send(answer(1))
    assert world.get(reply.headers["location"]).json() == reply.json()


def test_a_new_student_starts_with_what_builds_on_nothing(world):
    found = world.call("POST", PATH, json={"intent": "learn"}).json()
    assert found["status"] == "ok"
    assert {candidate["skill"] for candidate in found["candidates"]} == {"fractions"}
    assert [(one["skill"], one["waits_for"]) for one in found["blocked"]] == [
        ("ratios", "fractions")
    ]


def test_reasons_add_up_to_the_score_and_propensities_to_one(world):
    found = world.call("POST", PATH, json={}).json()
    for candidate in found["candidates"]:
        total = sum(reason["weight"] for reason in candidate["reasons"])
        assert math.exp(total) == pytest.approx(candidate["score"])
        assert len(candidate["reasons"]) >= 2
    assert sum(one["propensity"] for one in found["candidates"]) == pytest.approx(1)


def test_asking_again_without_new_evidence_gives_the_same_advice(world, answer):
    first, again = world.call("POST", PATH, json={}), world.call("POST", PATH, json={})
    assert first.json()["id"] != again.json()["id"]
    assert decided(first) == decided(again)
    world.send(answer(1))
    later = world.call("POST", PATH, json={})
    assert decided(later)["inputs_hash"] != decided(first)["inputs_hash"]


def test_a_decision_names_what_it_rests_on(world):
    found = world.call("POST", PATH, json={}).json()
    assert found["model"] == world.get("/v1/model").json()["version"]
    assert found["policy"]
    assert found["request"]["intent"] == "auto"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"intent": "play"}, "intent"),
        ({"n": 0}, "n"),
        ({"n": 11}, "n"),
        ({"n": True}, "n"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": "20"}, "minutes"),
        ({"objective": "none"}, "objective"),
        ({"goal": "none"}, "goal"),
        ({"modality": ["dance"]}, "modality"),
        ({"exclude": ["none"]}, "exclude"),
        ({"mood": "good"}, "mood"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_is_refused_by_field(world, expected_by_field, body, field):
    reply = world.call("POST", PATH, json=body)
    assert reply.status_code == 422
    assert field in expected_by_field(reply)


def test_nothing_left_to_offer_is_a_status_and_never_an_error(world):
    everything = ["bars", "cards", "quiz", "paint"]
    for body in ({"minutes": 0}, {"exclude": everything}):
        found = world.call("POST", PATH, json=body).json()
        assert found["status"] == "nothing_available"
        assert found["candidates"] == []
        assert found["reasons"]


def test_one_modality_may_stand_for_a_list(world):
    found = world.call("POST", PATH, json={"modality": "video"}).json()
    assert found["request"]["modality"] == ["video"]


def test_students_and_recommendations_that_are_not_there_are_not_found(world):
    assert world.call("POST", "/v1/students/nobody/recommendations", json={}).status_code == 404
    assert world.get("/v1/recommendations/none").status_code == 404


def test_a_teacher_reads_only_recommendations_for_their_own(world):
    path = world.call("POST", PATH, "teacher", json={}).headers["location"]
    statuses = [world.get(path, who).status_code for who in ("teacher", "stranger", "foreign")]
    assert statuses == [200, 404, 404]


def test_without_a_model_nothing_is_recommended(bare):
    bare.call("PUT", "/v1/students/ana", json={})
    assert bare.call("POST", PATH, json={}).status_code == 503
