"""Curriculum and roster under the caller's own ids."""

from __future__ import annotations

from urllib.parse import quote

import pytest

BODIES = {
    "skills": {"name": "Angles", "prerequisites": ["fractions"]},
    "objectives": {"name": "Angles", "skills": ["fractions"]},
    "items": {"name": "Angles", "skills": ["ratios"]},
    "activities": {"name": "Angles", "skills": ["ratios"], "minutes": 5, "items": ["r-1"]},
    "students": {"name": "Dee"},
    "classes": {"name": "7c", "teacher": "mr-stone", "students": ["ana"]},
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_fact_is_created_replaced_read_and_deleted(world, kind):
    path = f"/v1/{kind}/new"
    created = world.call("PUT", path, json=BODIES[kind])
    assert (created.status_code, created.json()["version"]) == (201, 1)
    replaced = world.call("PUT", path, json=BODIES[kind] | {"name": "Other"})
    assert (replaced.status_code, replaced.json()["version"]) == (200, 2)
    read = world.get(path)
    assert read.json() == replaced.json()
    assert BODIES[kind].items() <= (read.json() | {"name": BODIES[kind]["name"]}).items()
    assert world.call("DELETE", path).status_code == 204
    assert world.get(path).status_code == 404
    assert world.call("DELETE", path).status_code == 404


@pytest.mark.parametrize("kind", BODIES)
def test_who_has_the_present_version_is_sent_no_body(world, kind):
    path = f"/v1/{kind}/new"
    first = world.call("PUT", path, json=BODIES[kind]).headers["etag"]
    same = world.get(path, headers={"If-None-Match": first})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first)
    world.call("PUT", path, json=BODIES[kind] | {"name": "Other"})
    assert world.get(path, headers={"If-None-Match": first}).json()["name"] == "Other"


@pytest.mark.parametrize("kind", BODIES)
def test_what_was_read_can_be_put_again(world, kind):
    world.call("PUT", f"/v1/{kind}/new", json=BODIES[kind])
    found = world.get(f"/v1/{kind}/new").json()
    assert world.call("PUT", f"/v1/{kind}/new", json=found).status_code == 200
    assert world.call("PUT", f"/v1/{kind}/other", json=found).status_code == 422


@pytest.mark.parametrize(
    "name",
    ["Volume (3D)", "C++", "a/b", "a/b/mastery", "größer 中文 🦊", "50%", "%2F", "q?x#y", " "],
)
@pytest.mark.parametrize("kind", ["skills", "students"])
def test_ids_hold_any_unicode_slashes_included(world, kind, name):
    path = f"/v1/{kind}/{quote(name, safe='')}"
    assert world.call("PUT", path, json={}).json()["id"] == name
    assert world.get(path).json()["id"] == name
    assert name in [fact["id"] for fact in world.get(f"/v1/{kind}").json()["results"]]


def test_a_slash_in_an_id_is_not_a_slash_in_the_address(world):
    world.call("PUT", "/v1/students/ana%2Fmastery", json={"name": "Odd"})
    assert world.get("/v1/students/ana%2Fmastery").json()["name"] == "Odd"
    assert world.get("/v1/students/ana/mastery").json()["student"] == "ana"
    assert world.get("/v1/students/ana%2fmastery/mastery").json()["student"] == "ana/mastery"


@pytest.mark.parametrize("name", ["%00", "x" * 201, "%ED%A0%80%00"])
def test_ids_that_cannot_be_kept_are_refused(world, name):
    assert world.call("PUT", f"/v1/skills/{name}", json={}).status_code == 422


def test_lists_come_in_pages(world):
    for number in range(5):
        world.call("PUT", f"/v1/students/s{number}", json={})
    first = world.get("/v1/students?limit=3").json()
    assert len(first["results"]) == 3
    rest = world.get("/v1/students", params={"limit": 100, "after": first["next"]}).json()
    ids = [fact["id"] for fact in first["results"] + rest["results"]]
    assert ids == sorted({"ana", "ben", "cy", "s0", "s1", "s2", "s3", "s4"})
    assert rest["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=1e3", "after="])
def test_a_page_that_cannot_be_is_refused(world, query):
    assert world.get(f"/v1/students?{query}").status_code == 422


def test_a_cycle_of_prerequisites_is_refused_by_name_and_changes_nothing(world):
    reply = world.call("PUT", "/v1/skills/fractions", json={"prerequisites": ["ratios"]})
    assert reply.status_code == 422
    assert "ratios" in reply.json()["detail"]
    assert world.get("/v1/skills/fractions").json()["prerequisites"] == []


def test_a_skill_that_others_need_cannot_be_deleted(world):
    reply = world.call("DELETE", "/v1/skills/fractions")
    assert reply.status_code == 409
    assert "ratios" in reply.json()["detail"]


def test_all_that_is_wrong_with_a_body_is_said_at_once(world, expected_by_field):
    body = {"skills": [], "minutes": "10", "level": "hard", "colour": "red", "teacher_led": 1}
    reply = world.call("PUT", "/v1/activities/new", json=body)
    assert reply.status_code == 422
    assert set(expected_by_field(reply)) == {
        "skills",
        "minutes",
        "level",
        "colour",
        "teacher_led",
    }


def test_one_tenant_knows_nothing_of_another(world):
    assert world.get("/v1/skills", "foreign").json()["results"] == []
    assert world.get("/v1/skills/fractions", "foreign").status_code == 404
    assert world.call("DELETE", "/v1/skills/fractions", "foreign").status_code == 404


def test_a_class_of_nobody_yet_is_as_documented_and_can_be_put_again(world):
    world.call("PUT", "/v1/classes/new", json={"students": []})
    found = world.get("/v1/classes/new").json()
    assert found["teacher"] == ""
    assert world.call("PUT", "/v1/classes/new", json=found).status_code == 200


@pytest.mark.parametrize(
    ("kind", "field", "ids"),
    [
        ("classes", "students", ["ana", "ben", "ana"]),
        ("skills", "prerequisites", ["ratios", "ratios"]),
        ("items", "skills", ["nowhere"]),
        ("activities", "skills", ["nowhere"]),
    ],
)
def test_ids_that_cannot_stand_are_named_by_their_field(world, expected_by_field, kind, field, ids):
    reply = world.call("PUT", f"/v1/{kind}/new", json={field: ids})
    assert reply.status_code == 422
    assert list(expected_by_field(reply)) == [field]
