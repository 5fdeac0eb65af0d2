"""Goals over HTTP: set, changed, listed, dropped, and what they do to a decision."""

from __future__ import annotations

import pytest

GOAL = {"student": "ana", "skill": "ratios", "deadline": "2026-10-01T12:00:00+00:00"}


def put(world, id="g1", role="platform", headers=None, **changes):
    return world.call(
        "PUT", f"/v1/goals/{id}", role, json={**GOAL, **changes}, headers=headers or {}
    )


def test_a_goal_is_set_changed_read_and_dropped(world):
    created = put(world)
    assert (created.status_code, created.json()["version"], created.headers["etag"]) == (
        201,
        1,
        '"1"',
    )
    changed = put(world, weight=5.0)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert world.get("/v1/goals/g1").json() == changed.json()
    assert put(world, **{k: v for k, v in changed.json().items() if k != "id"}).status_code == 200
    assert world.call("DELETE", "/v1/goals/g1").status_code == 204
    assert world.get("/v1/goals/g1").status_code == 404


def test_who_set_it_is_the_caller_or_whom_a_platform_speaks_for(world):
    assert put(world).json()["by"] == "platform"
    assert put(world, by="ana").json()["by"] == "ana"
    assert put(world, "g2", "teacher", by="somebody").json()["by"] == "ms-rivera"


def test_goals_are_listed_by_whom_they_are_about(world):
    put(world, "a")
    put(world, "b", student=None, **{"class": "7b"})
    put(world, "c", student="cy")

    def ids(query, role="platform"):
        return [goal["id"] for goal in world.get(f"/v1/goals{query}", role).json()["results"]]

    assert ids("") == ["a", "b", "c"]
    assert ids("?student=ana") == ["a"]
    assert ids("?class=7b") == ["b"]
    assert ids("?student=ana&class=7b") == []
    assert ids("", "teacher") == ["a", "b"]
    assert world.get("/v1/goals?limit=2").json()["next"] == "b"
    assert ids("?limit=2&after=b") == ["c"]


def test_a_teacher_sets_goals_of_their_own_students_alone(world):
    assert put(world, role="teacher").status_code == 201
    assert put(world, "g2", "teacher", student="cy").status_code == 404
    assert put(world, role="stranger").status_code == 404
    assert world.get("/v1/goals/g1", "stranger").status_code == 404
    assert world.call("DELETE", "/v1/goals/g1", "stranger").status_code == 404
    assert world.get("/v1/goals", "stranger").json()["results"] == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"skill": "nowhere"}, {"skill"}),
        ({"skill": None}, {"skill"}),
        ({"objective": "proportion"}, {"skill"}),
        ({"student": None}, {"student"}),
        ({"weight": 0}, {"weight"}),
        ({"deadline": "tomorrow"}, {"deadline"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_a_goal_that_cannot_be_meant_is_refused_by_its_field(
    world, expected_by_field, changes, fields
):
    reply = put(world, **changes)
    assert reply.status_code == 422
    assert set(expected_by_field(reply)) == fields


def test_a_goal_stays_with_whom_it_is_about(world, expected_by_field):
    put(world)
    reply = put(world, student="ben")
    assert reply.status_code == 422
    assert expected_by_field(reply) == {"student": "ana, as before"}


def test_a_goal_of_nobody_known_is_not_found(world):
    assert put(world, student="nobody").status_code == 404
    assert put(world, student=None, **{"class": "none"}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Match": '"1"'}, 200),
        ({"If-Match": '"2"'}, 412),
        ({"If-None-Match": "*"}, 412),
        ({"If-Match": "1"}, 422),
        ({"If-Match": '"1"', "If-None-Match": "*"}, 422),
        ({"If-None-Match": '"1"'}, 422),
    ],
)
def test_a_change_can_ask_for_the_version_it_was_made_from(world, headers, status):
    put(world)
    reply = put(world, weight=4.0, headers=headers)
    assert reply.status_code == status
    assert world.get("/v1/goals/g1").json()["weight"] == (4.0 if status == 200 else 3.0)
    gone = world.call("DELETE", "/v1/goals/g1", headers={"If-Match": '"9"'})
    assert gone.status_code == 412


def test_a_passed_deadline_is_reported_with_the_decision_and_is_no_error(world):
    put(world, deadline="2026-09-01T12:00:00Z")
    found = world.call("POST", "/v1/students/ana/recommendations", json={}).json()
    assert [(goal["goal"], goal["status"]) for goal in found["goals"]] == [("g1", "overdue")]
    assert "overdue" in [reason["code"] for reason in found["reasons"]]


def test_the_goals_of_a_class_are_those_of_everybody_in_it(world):
    put(world, student=None, **{"class": "7b"})
    for student, count in (("ana", 1), ("cy", 0)):
        found = world.call("POST", f"/v1/students/{student}/recommendations", json={}).json()
        assert len(found["goals"]) == count
