"""Workshops over HTTP: who gets a seat, who sees why not, and never more seats than there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from data.store import workshop_of
from engine.requests import Request
from serving.decisions import make_recommendation
from serving.workshops.seats import give_out, taken

CLASS = [f"s{n:02}" for n in range(12)]


@pytest.fixture
def hall(world):
    """The tiny school with a class of twelve, and a workshop of three seats going on."""
    world.call(
        "PUT",
        "/v1/activities/circle",
        json={"skills": ["fractions"], "teacher_led": True, "seats": 3, "modality": "workshop"},
    )
    for student in CLASS:
        world.call("PUT", f"/v1/students/{student}", json={})
    world.call("PUT", "/v1/classes/8c", json={"teacher": "ms-rivera", "students": CLASS})
    assert put(world).status_code == 201
    return world


def put(world, role="teacher", id="w1", **changes):
    at = {"starts_at": -10, "ends_at": 30}
    times = {name: (world.now + timedelta(minutes=m)).isoformat() for name, m in at.items()}
    body = {"class": "8c", "activity": "circle", **times, **changes}
    seen = world.get(f"/v1/workshops/{id}", role).headers.get("ETag")
    headers = {"If-Match": seen} if seen else {}
    return world.call("PUT", f"/v1/workshops/{id}", role, json=body, headers=headers)


def decided(world, student, **request):
    return world.call("POST", f"/v1/students/{student}/recommendations", json=request).json()


def seated(world):
    return [one["student"] for one in world.get("/v1/workshops/w1", "teacher").json()["taken"]]


def waits(document):
    return {one["activity"]: one["code"] for one in document["blocked"] if one["activity"]}


def test_seats_go_to_those_with_most_to_gain_and_the_others_are_told(hall, answer):
    strong = [s for s in CLASS if s not in ("s03", "s07", "s09")]
    hall.send(*(answer(n, student=s) for n, s in enumerate(strong)))
    found = {student: decided(hall, student) for student in CLASS}
    assert sorted(seated(hall)) == ["s03", "s07", "s09"]
    for student, document in found.items():
        offers = [one["activity"] for one in document["candidates"]]
        assert ("circle" in offers) == (student in ("s03", "s07", "s09"))
        assert waits(document).get("circle") == (None if "circle" in offers else "seats_full")


def test_a_page_that_only_looks_gives_out_nothing(hall):
    assert hall.get("/v1/workshops/w1", "teacher").json()["free"] == 3
    from serving.decisions import next_activities

    reading = hall.app.state.context.reading("north")
    next_activities(reading, "s00", Request())
    assert seated(hall) == []


def test_however_many_ask_at_once_no_more_seats_are_given_out_than_there_are(hall):
    context = hall.app.state.context

    def ask(student):
        return make_recommendation(context.reading("north"), student, Request())

    with ThreadPoolExecutor(6) as crowd:
        found = dict(zip(CLASS, crowd.map(ask, CLASS), strict=True))
    offered = [s for s, d in found.items() if "circle" in [c["activity"] for c in d["candidates"]]]
    assert len(offered) == 3
    assert sorted(offered) == sorted(seated(hall))


def test_two_who_give_out_the_same_seats_give_them_out_once(hall):
    context = hall.app.state.context
    workshop = workshop_of("w1", hall.get("/v1/workshops/w1").json() | {"student": None})
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda _: give_out(context.reading("north"), workshop), range(8)))
    assert len(taken(context.reading("north"), workshop)["taken"]) == 3


def test_before_and_after_its_time_nobody_is_seated_and_the_time_is_named(hall):
    put(hall, starts_at="2026-09-16T09:00:00Z", ends_at="2026-09-16T10:00:00Z")
    document = decided(hall, "s00")
    assert waits(document)["circle"] == "seat_early"
    assert "2026-09-16" in document["blocked"][-1]["text"]
    put(hall, starts_at="2026-09-14T09:00:00Z", ends_at="2026-09-14T10:00:00Z")
    assert waits(decided(hall, "s00"))["circle"] == "no_workshop"
    assert seated(hall) == []


def test_a_teacher_gives_seats_out_beforehand_by_hand_and_never_too_many(hall):
    assert hall.call("POST", "/v1/workshops/w1:seat", "teacher").json()["free"] == 0
    assert hall.call("PUT", "/v1/workshops/w1/seats/s00", "teacher").status_code in (200, 409)
    gone, left = seated(hall)[0], next(s for s in CLASS if s not in seated(hall))
    assert hall.call("PUT", f"/v1/workshops/w1/seats/{left}", "teacher").status_code == 409
    hall.call("DELETE", f"/v1/workshops/w1/seats/{gone}", "teacher")
    by_hand = hall.call("PUT", f"/v1/workshops/w1/seats/{left}", "teacher").json()
    assert {one["student"]: one["by"] for one in by_hand["taken"]}[left] == "ms-rivera"
    assert gone in by_hand["given_up"]
    assert hall.call("DELETE", f"/v1/workshops/w1/seats/{gone}", "teacher").status_code == 200
    assert hall.call("PUT", "/v1/workshops/w1/seats/ana", "teacher").status_code == 422


def test_a_seat_given_up_goes_to_the_next_not_back(hall):
    hall.call("POST", "/v1/workshops/w1:seat", "teacher")
    gone = seated(hall)[0]
    hall.call("DELETE", f"/v1/workshops/w1/seats/{gone}", "teacher")
    decided(hall, next(s for s in CLASS if s not in seated(hall)))
    assert len(seated(hall)) == 3
    assert gone not in seated(hall)
    assert waits(decided(hall, gone))["circle"] == "seats_full"


def test_fewer_seats_than_are_taken_are_refused(hall):
    hall.call("POST", "/v1/workshops/w1:seat", "teacher")
    assert put(hall, seats=2).status_code == 409
    assert put(hall, seats=4).json()["free"] == 1


def test_the_decision_is_replayed_with_the_seats_of_then(hall):
    document = decided(hall, "s00")
    hall.call("POST", "/v1/workshops/w1:seat", "teacher")
    hall.call("DELETE", f"/v1/workshops/w1/seats/{seated(hall)[0]}", "teacher")
    again = hall.call("POST", f"/v1/recommendations/{document['id']}:replay").json()
    assert again["identical"], again
    assert document["basis"]["places"][0]["workshop"] == "w1"


def test_what_cannot_be_a_workshop_is_refused_by_name(hall, expected_by_field):
    assert expected_by_field(put(hall, activity="bars")).keys() == {"activity"}
    assert expected_by_field(put(hall, activity="nowhere")).keys() == {"activity"}
    assert expected_by_field(put(hall, seats=0)).keys() == {"seats"}
    assert expected_by_field(put(hall, ends_at="2020-01-01T00:00:00Z")).keys() == {"ends_at"}
    assert put(hall, **{"class": "nobody"}).status_code == 404
    assert put(hall, **{"class": "7b"}).status_code == 422  # another class: another workshop


def test_another_teachers_workshop_does_not_exist(hall):
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", ":seat")):
        assert hall.call(method, f"/v1/workshops/w1{path}", "stranger").status_code == 404
    assert put(hall, role="stranger").status_code == 404
    listed = hall.get("/v1/workshops?class=8c", "teacher").json()["results"]
    assert [one["id"] for one in listed] == ["w1"]
    assert hall.get("/v1/workshops", "stranger").json()["results"] == []
    assert hall.call("DELETE", "/v1/workshops/w1", "teacher").status_code == 428
    assert hall.call("DELETE", "/v1/workshops/w1").status_code == 204
    assert waits(decided(hall, "s00"))["circle"] == "no_workshop"


def test_an_erased_student_is_in_no_seat(hall):
    hall.call("POST", "/v1/workshops/w1:seat", "teacher")
    gone = seated(hall)[0]
    hall.call("POST", f"/v1/students/{gone}:erase")
    assert gone not in seated(hall)


@pytest.mark.parametrize(
    ("of_class", "own", "asked", "missing"),
    [
        (None, None, None, False),
        (["scissors"], None, None, True),
        (["scissors", "balance"], None, None, False),
        (["balance"], [], None, True),
        (["balance"], [], ["balance"], False),
    ],
)
def test_tools_are_those_of_the_request_else_the_student_else_the_class(
    world, of_class, own, asked, missing
):
    world.call("PUT", "/v1/activities/weigh", json={"skills": ["fractions"], "tools": ["balance"]})
    world.call("PUT", "/v1/students/ana", json={"tools": own})
    world.call("PUT", "/v1/classes/7b", json={"students": ["ana"], "tools": of_class})
    document = decided(world, "ana", **({} if asked is None else {"tools": asked}))
    assert ("weigh" in waits(document)) == missing
    if missing:
        (note,) = (one for one in document["blocked"] if one["activity"] == "weigh")
        assert (note["code"], note["waits_for"]) == ("tool_wanted", "balance")
    again = world.call("POST", f"/v1/recommendations/{document['id']}:replay").json()
    assert again["identical"]


def test_a_lesson_seats_no_more_than_there_are_seats_and_leaves_out_what_is_not_at_hand(hall):
    seats = {"skills": ["ratios"], "teacher_led": True, "seats": 3}
    hall.call("PUT", "/v1/activities/circle", json=seats)
    hall.call("PUT", "/v1/activities/scales", json={"skills": ["ratios"], "tools": ["scales"]})
    room = {"teacher": "ms-rivera", "students": CLASS, "tools": []}
    hall.call("PUT", "/v1/classes/8c", json=room)
    asked = {"objective": "proportion", "kind": "manual", "members": [CLASS]}
    grouping = hall.call("POST", "/v1/classes/8c/groupings", "teacher", json=asked).json()
    lesson = {"minutes": 45, "grouping": grouping["id"]}
    plan = hall.call("POST", "/v1/classes/8c/session-plan", "teacher", json=lesson).json()
    tasks = [task for block in plan["blocks"] for task in block["tasks"]]
    assert [len(t["students"]) for t in tasks if t["activity"] == "circle"] == [3]
    assert all(task["activity"] != "scales" for task in tasks)
    assert plan["without_tools"] == {"scales": ["scales"]}
