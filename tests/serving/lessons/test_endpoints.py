"""Policy, advice and lesson plans over HTTP."""

from __future__ import annotations

import pytest

CLASS = "/v1/classes/7b"


def plan(world, role="teacher", **asked):
    body = {"objective": "proportion", "minutes": 45, **asked}
    return world.call("POST", f"{CLASS}/session-plan", role, json=body)


def advice(world, role="teacher", objective="proportion"):
    return world.get(f"{CLASS}/approach?objective={objective}", role)


def test_the_policy_has_defaults_until_it_is_set(world):
    first = world.get(f"{CLASS}/policy", "teacher")
    assert (first.json()["version"], first.json()["tiered_share"]) == (0, 0.5)
    put = world.call("PUT", f"{CLASS}/policy", "teacher", json={"tiered_share": 0.7})
    assert put.status_code == 201
    assert world.get(f"{CLASS}/policy", "teacher").json() == put.json()


def test_two_who_set_the_policy_do_not_overwrite_each_other(world):
    world.call("PUT", f"{CLASS}/policy", "teacher", json={})
    stale = {"If-Match": '"0"'}
    reply = world.call("PUT", f"{CLASS}/policy", "teacher", json={}, headers=stale)
    assert reply.status_code == 412


def test_objectives_that_are_not_there_or_both_ways_are_named(world, expected_by_field):
    body = {"differentiated": ["none", "proportion"], "personal": ["proportion"]}
    reply = world.call("PUT", f"{CLASS}/policy", "teacher", json=body)
    assert reply.status_code == 422
    assert set(expected_by_field(reply)) == {"differentiated", "personal"}


def test_the_advice_shows_its_terms_and_what_nobody_said(world):
    found = advice(world).json()
    assert found["approach"] in ("differentiated", "blend", "personalized")
    assert found["terms"][-1]["share"] == found["personal_share"]
    assert found["assumed"]
    assert "judgement" in found["judgement"]


def test_what_the_teacher_states_moves_the_advice(world):
    def share(**policy):
        seen = {"If-Match": world.get(f"{CLASS}/policy", "teacher").headers["etag"]}
        put = world.call("PUT", f"{CLASS}/policy", "teacher", json=policy, headers=seen)
        assert put.status_code in (200, 201), put.text
        return advice(world).json()["personal_share"]

    assert share(independence=0.0) < share(independence=1.0)
    assert share(independence=1.0, devices=0.0) > 0.25


def test_a_lesson_is_planned_to_the_minute_for_everybody(world):
    found = plan(world).json()
    assert found["status"] == "ok"
    assert sum(block["minutes"] for block in found["blocks"]) == pytest.approx(45)
    for block in found["blocks"]:
        assert sorted(s for task in block["tasks"] for s in task["students"]) == ["ana", "ben"]


def test_a_personal_objective_has_no_group_work(world):
    world.call("PUT", f"{CLASS}/policy", "teacher", json={"personal": ["proportion"]})
    kinds = {block["kind"] for block in plan(world).json()["blocks"]}
    assert "groups" not in kinds


def test_groups_made_before_are_those_of_the_lesson(world):
    body = {"objective": "proportion", "kind": "mixed", "groups": 2}
    made = world.call("POST", f"{CLASS}/groupings", "teacher", json=body).json()
    found = plan(world, grouping=made["id"], minutes=90)
    groups = [b for b in found.json()["blocks"] if b["kind"] == "groups"]
    assert {task["group"] for block in groups for task in block["tasks"]} == {0, 1}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"minutes": -1}, "minutes"),
        ({"objective": None}, "objective"),
        ({"minutes": 1e9}, "minutes"),
    ],
)
def test_what_cannot_be_meant_is_named(world, expected_by_field, asked, field):
    reply = plan(world, **asked)
    assert reply.status_code == 422
    assert field in expected_by_field(reply)


def test_no_time_is_a_word_not_an_error(world):
    assert plan(world, minutes=0).json()["status"] == "too_short"


def test_an_empty_class_has_nobody_and_still_gets_advice(world):
    world.call("PUT", "/v1/classes/empty", json={})
    body = {"objective": "proportion", "minutes": 45}
    found = world.call("POST", "/v1/classes/empty/session-plan", json=body).json()
    assert (found["status"], found["blocks"]) == ("nobody", [])
    reply = world.get("/v1/classes/empty/approach?objective=proportion")
    assert reply.status_code == 200


def test_an_unknown_objective_or_class_is_named(world):
    assert advice(world, objective="none").status_code == 422
    assert world.get("/v1/classes/none/approach?objective=proportion").status_code == 404
    assert advice(world, "stranger").status_code == 404
    assert advice(world, "data").status_code == 403


def test_independence_is_measured_where_the_log_shows_it_and_rated_beside_that(world, answer):
    days = [f"2026-08-{day:02}T17:00:00Z" for day in range(15, 31)]
    world.send(*(answer(n, student="ana", occurred_at=at) for n, at in enumerate(days)))
    world.send(*(answer(50 + n, student="ben", occurred_at=at) for n, at in enumerate(days)))
    path = f"{CLASS}/approach?objective=proportion"
    found = world.get(path, "teacher").json()
    assert found["independence"]["started"]["occasions"] == 32
    assert found["independence"]["rating"] is None
    assert found["conditions"]["independence"] == found["independence"]["started"]["share"]
    world.call("PUT", f"{CLASS}/policy", json={"independence": 1.0})
    rated = world.get(path, "teacher").json()
    assert rated["conditions"]["independence"] > found["conditions"]["independence"]
