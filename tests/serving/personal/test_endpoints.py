"""A family asks for everything, and then for nothing."""

from __future__ import annotations

import json


def test_an_export_says_what_is_kept_and_what_is_believed(world, answer):
    world.send(answer(1), answer(2, correct=False), answer(3, student="ben"))
    world.call("POST", "/v1/students/ana/recommendations", json={})
    reply = world.call("POST", "/v1/students/ana:export")
    assert reply.status_code == 200
    assert "attachment" in reply.headers["content-disposition"]
    found = reply.json()
    assert [event["id"] for event in found["events"]] == ["e1", "e2"]
    assert found["facts"]["student"][0]["name"] == "Ana"
    assert found["recommendations"][0]["student"] == "ana"
    mastery = world.get("/v1/students/ana/mastery").json()
    assert found["beliefs"] == mastery
    assert "Ben" not in json.dumps(found)


def test_an_export_needs_no_model(bare, answer):
    bare.send(answer(1))
    assert bare.call("POST", "/v1/students/ana:export").json()["beliefs"] is None


def test_an_erased_student_is_gone_and_stays_gone(world, answer):
    world.send(answer(1), answer(2))
    first = world.call("POST", "/v1/students/ana:erase").json()
    assert (first["student"], first["events"]) == ("ana", 2)
    for path in ("/v1/students/ana", "/v1/students/ana/mastery", "/v1/students/ana/report"):
        assert world.get(path).status_code == 404
    assert world.call("POST", "/v1/students/ana:export").status_code == 404
    assert world.call("POST", "/v1/students/ana:erase").json() == first
    late = world.send(answer(7))
    assert late.status_code == 422
    assert "erased" in late.json()["detail"]
    mixed = world.send(answer(8), answer(9, student="ben")).json()["results"]
    assert [one["status"] for one in mixed] == ["rejected", "accepted"]
    assert world.call("PUT", "/v1/students/ana", json={"name": "Ana"}).status_code == 409
    students = world.get("/v1/classes/7b/mastery").json()["students"]
    assert [one["student"] for one in students] == ["ben"]


def test_a_student_whose_id_needs_writing_out_is_erased(world, answer):
    world.send(answer(1, student="a/b:erase ü"))
    reply = world.call("POST", "/v1/students/a%2Fb:erase%20%C3%BC:erase")
    assert reply.json()["student"] == "a/b:erase ü"


def test_nobody_is_nobody(world):
    for verb in ("export", "erase"):
        assert world.call("POST", f"/v1/students/nobody:{verb}").status_code == 404
