"""Who sits in a class on which day, and who teaches it."""

from __future__ import annotations

from datetime import date

import pytest

from serving.enrolment import enrolled


def stay(first=None, last=None, student="ben"):
    return {"student": student, "from": first, "until": last}


@pytest.mark.parametrize(
    ("stays", "there"),
    [
        ([], True),
        ([stay()], True),
        ([stay("2026-09-15")], True),
        ([stay("2026-09-16")], False),
        ([stay(None, "2026-09-15")], True),
        ([stay(None, "2026-09-14")], False),
        ([stay("2026-08-01", "2026-09-01"), stay("2026-09-10", "2026-10-01")], True),
        ([stay("2026-08-01", "2026-09-01"), stay("2026-10-01")], False),
        ([stay("2026-10-01", student="ana")], True),
    ],
)
def test_a_student_is_there_on_the_days_of_a_stay(stays, there):
    class_ = {"students": ["ana", "ben"], "enrolments": stays}
    assert ("ben" in enrolled(class_, date(2026, 9, 15))) is there


def put(world, **body):
    said = {"teacher": "ms-rivera", "students": ["ana", "ben"], **body}
    return world.call("PUT", "/v1/classes/7b", json=said)


def test_a_teacher_reaches_a_student_only_while_enrolled(world):
    assert put(world, enrolments=[stay("2026-09-01", "2026-09-14")]).status_code == 200
    for path in ("/v1/students/ben", "/v1/students/ben/mastery", "/classes/7b/students/ben"):
        assert world.get(path, "teacher").status_code == 404
        assert world.get(path, "admin").status_code == (404 if path.startswith("/c") else 200)
    assert put(world, enrolments=[stay("2026-09-01", "2026-09-15")]).status_code == 200
    assert world.get("/v1/students/ben/mastery", "teacher").status_code == 200


def test_a_class_shows_those_who_sit_in_it_now(world):
    put(world, enrolments=[stay("2026-10-01")])
    listed = world.get("/v1/students", "teacher").json()["results"]
    assert [one["id"] for one in listed] == ["ana"]
    for path in ("/v1/classes/7b/mastery", "/v1/classes/7b/report"):
        students = world.get(path, "teacher").json()["students"]
        assert [one["student"] for one in students] == ["ana"]


def test_a_co_teacher_reaches_the_class(world):
    assert world.get("/v1/classes/7b/mastery", "stranger").status_code == 404
    put(world, co_teachers=["mr-stone"])
    assert world.get("/v1/classes/7b/mastery", "stranger").status_code == 200
    assert world.get("/v1/classes/7b/mastery", "teacher").status_code == 200


def test_a_class_reads_back_as_it_was_put(world):
    put(world, enrolments=[stay("2026-09-01")], co_teachers=["x"])
    found = world.get("/v1/classes/7b").json()
    assert found["enrolments"] == [stay("2026-09-01")]
    assert world.call("PUT", "/v1/classes/7b", json=found).status_code == 200


@pytest.mark.parametrize(
    "stays",
    [
        [stay("2026-09-02", "2026-09-01")],
        [stay("1 September")],
        [stay(student="nobody")],
        [{"student": "ben", "since": "2026-09-01"}],
        [stay("2026-09-01T08:00:00Z")],
        "ben",
    ],
)
def test_days_that_cannot_be_are_named(world, stays):
    reply = put(world, enrolments=stays)
    assert reply.status_code == 422
    assert "enrolments" in reply.text or "from" in reply.text
