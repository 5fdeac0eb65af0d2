"""The audit log over HTTP, and an admin's one-time links."""

from __future__ import annotations

import re

import pytest

PASSWORD = "correct horse battery"


def deeds(world, query=""):
    return [one["deed"] for one in world.get(f"/v1/audit?{query}", "admin").json()["results"]]


@pytest.fixture
def account(world):
    """An account of the teacher of 7b."""
    said = {"tenant": "north", "role": "teacher", "user": "ms-rivera", "now": world.now}
    return world.store.create_account("rivera", PASSWORD, **said)


def looked(world):
    """What was noted of looking, once it is written."""
    world.store._readings.close()


def test_what_staff_look_at_is_noted_once_an_hour_and_what_others_do_is_not(world):
    for role in ("teacher", "teacher", "student", "family", "platform"):
        assert world.get("/v1/students/ana/mastery", role).status_code == 200
    assert world.get("/v1/classes/7b/mastery", "teacher").status_code == 200
    looked(world)
    assert deeds(world, "deed=read-student") == ["read-student"]
    assert deeds(world, "student=ana") == ["read-student"]
    [seen] = world.get("/v1/audit?deed=read-class", "admin").json()["results"]
    assert (seen["role"], seen["about_kind"], seen["about"]) == ("teacher", "class", "7b")


def test_who_may_not_look_leaves_no_trace_of_having_looked(world):
    assert world.get("/v1/students/ana/mastery", "stranger").status_code == 404
    looked(world)
    assert deeds(world, "student=ana") == []


def test_exports_erasures_and_overrides_are_noted_with_who_did_them(world):
    said = {"kind": "exclude", "student": "ana", "skill": "ratios", "reason": "r", "id": "o"}
    assert world.call("POST", "/v1/overrides", "teacher", json=said).status_code == 201
    assert world.call("DELETE", "/v1/overrides/o", "teacher").status_code == 204
    assert world.call("POST", "/v1/students/ana:export").status_code == 200
    assert world.call("POST", "/v1/students/ana:erase", "admin").status_code == 200
    found = world.get("/v1/audit?student=ana", "admin").json()["results"]
    assert [one["deed"] for one in found] == [
        "override",
        "withdraw-override",
        "export-student",
        "erase-student",
    ]
    assert [one["role"] for one in found] == ["teacher", "teacher", "platform", "admin"]
    assert all(one["actor"].startswith("key_") for one in found)
    assert not re.search("ana|rivera", str(found))


def test_what_was_refused_is_not_noted(world):
    assert world.call("POST", "/v1/students/nobody:export").status_code == 404
    said = {"kind": "exclude", "student": "ana", "skill": "none", "reason": "r"}
    assert world.call("POST", "/v1/overrides", "teacher", json=said).status_code == 422
    dry = {"kind": "exclude", "student": "ana", "skill": "ratios", "reason": "r", "dry_run": True}
    assert world.call("POST", "/v1/overrides", "teacher", json=dry).status_code == 200
    assert not {"export-student", "override"} & set(deeds(world))


def test_pages_of_the_log_follow_each_other(world):
    whole = world.get("/v1/audit", "admin").json()
    seen, after = [], "0"
    while after:
        page = world.get(f"/v1/audit?limit=3&after={after}", "admin").json()
        seen += page["results"]
        after = page["next"]
    assert seen == whole["results"]
    assert len(seen) > 3


@pytest.mark.parametrize(
    ("query", "field"),
    [("after=x", "after"), ("deed=sang", "deed"), ("since=1", "since"), ("limit=0", "limit")],
)
def test_what_cannot_be_asked_is_named(world, expected_by_field, query, field):
    reply = world.get(f"/v1/audit?{query}", "admin")
    assert reply.status_code == 422
    assert field in expected_by_field(reply)


def test_another_school_sees_its_own_log_alone(world):
    key = world.store.create_key("south", "admin", world.now)
    headers = {"Authorization": f"Bearer {key}"}
    found = world.client.request("GET", "/v1/audit", headers=headers).json()["results"]
    assert {one["deed"] for one in found} == {"create-key"}
    assert len(found) == 2


def test_an_admin_s_link_lets_somebody_choose_a_password(world, account):
    made = world.call("POST", "/v1/accounts/rivera:reset", "admin")
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    token = made.json()["link"].partition("token=")[2]
    assert world.store.use_reset(token, "another long one", world.now).name == "rivera"
    assert "create-reset" in deeds(world)


def test_another_school_s_account_is_answered_like_none(world, account):
    key = world.store.create_key("south", "admin", world.now)
    headers = {"Authorization": f"Bearer {key}"}
    for name in ("rivera", "nobody"):
        reply = world.client.request("POST", f"/v1/accounts/{name}:reset", headers=headers)
        assert reply.status_code == 404
    world.store.disable_account("rivera", world.now)
    assert world.call("POST", "/v1/accounts/rivera:reset", "admin").status_code == 409
