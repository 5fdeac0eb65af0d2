"""Who may do what, and that nobody reaches what is not theirs."""

from __future__ import annotations

import pytest

from serving.auth import SESSION_COOKIE

READS = ["/v1/skills", "/v1/students", "/v1/classes/7b/mastery", "/v1/model"]


@pytest.mark.parametrize("path", READS)
def test_nothing_is_told_to_a_stranger(world, path):
    reply = world.get(path, None)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer wrong", "Basic eDp5", "", "Bearer \u00e9", "bearer x y"]
)
def test_a_credential_that_is_none_is_refused(world, header):
    reply = world.get("/v1/skills", None, headers={"Authorization": header.encode("latin-1")})
    assert reply.status_code == 401


def test_the_scheme_of_a_credential_is_read_in_any_case(world):
    headers = {"Authorization": f"bEARER {world.keys['platform']}"}
    assert world.get("/v1/skills", None, headers=headers).status_code == 200


def test_a_revoked_key_opens_nothing(world):
    [key] = [key for key in world.store.keys("north") if key.role == "platform"]
    world.store.revoke_key(key.id, world.now)
    assert world.get("/v1/skills").status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/v1/classes/7b", "/v1/classes/7b/mastery", "/v1/students/ana", "/v1/students/ana/mastery"],
)
def test_a_teacher_sees_their_own_class_and_others_cannot_tell_that_it_exists(world, path):
    assert world.get(path, "teacher").status_code == 200
    assert world.get(path, "stranger").status_code == 404
    assert world.get(path, "foreign").status_code == 404


def test_a_teacher_without_a_name_does_not_own_the_classes_without_a_teacher(world):
    world.call("PUT", "/v1/classes/orphan", json={"students": ["ana"]})
    world.keys["nameless"] = world.store.create_key("north", "teacher", world.now)
    assert world.get("/v1/classes/orphan", "nameless").status_code == 404


def test_a_teacher_lists_only_their_own(world):
    listed = world.get("/v1/students", "teacher").json()["results"]
    assert [student["id"] for student in listed] == ["ana", "ben"]
    assert world.get("/v1/classes", "stranger").json()["results"] == []


def test_a_teacher_changes_neither_curriculum_nor_roster(world):
    for path in ("/v1/skills/x", "/v1/students/x"):
        assert world.call("PUT", path, "teacher", json={}).status_code == 403


def test_a_session_reads_but_does_not_write(world):
    token = world.store.create_sign_in("north", "teacher", world.now, user="ms-rivera")
    cookie = {"Cookie": f"{SESSION_COOKIE}={world.store.create_session(token, world.now)}"}
    assert world.get("/v1/classes/7b/mastery", None, headers=cookie).status_code == 200
    path = "/v1/classes/7b/groupings"
    reply = world.call("POST", path, None, json={"objective": "proportion"}, headers=cookie)
    assert reply.status_code == 401
