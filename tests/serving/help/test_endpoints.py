"""Help: asked for, shown to whoever teaches the student, answered or withdrawn."""

from __future__ import annotations

import pytest


@pytest.fixture
def school(world):
    """The tiny school with a key of Ana's own and one of Cy's, whom Ms Rivera does not teach."""
    for student in ("ana", "cy"):
        key = world.store.create_key("north", "student", world.now, user=student)
        world.keys[student] = key
    return world


def ask(world, student="ana", role="ana", **said):
    body = {"skill": "ratios", "message": "Where do I begin?", **said}
    return world.call("POST", f"/v1/students/{student}/help", role, json=body)


def listed(world, query, role):
    reply = world.get(f"/v1/help{query}", role)
    return [one["id"] for one in reply.json()["results"]]


def test_a_student_asks_and_the_teacher_sees_it_and_answers(school):
    asked = ask(school)
    assert (asked.status_code, asked.json()["status"], asked.json()["by"]) == (201, "open", "ana")
    id = asked.json()["id"]
    assert listed(school, "?class=7b&status=open", "teacher") == [id]
    path = f"/v1/help/{id}:answer"
    done = school.call("POST", path, "teacher", json={"answer": "Come and see me"})
    assert (done.status_code, done.json()["answered_by"]) == (200, "ms-rivera")
    assert listed(school, "?class=7b&status=open", "teacher") == []
    assert school.get(f"/v1/help/{id}", "ana").json()["answer"] == "Come and see me"


def test_the_first_answer_stays(school):
    id = ask(school).json()["id"]
    for text in ("first", "second"):
        reply = school.call("POST", f"/v1/help/{id}:answer", "teacher", json={"answer": text})
        assert reply.json()["answer"] == "first"


def test_a_student_takes_back_what_they_asked(school):
    id = ask(school).json()["id"]
    assert school.call("DELETE", f"/v1/help/{id}", "ana").status_code == 204
    assert school.get(f"/v1/help/{id}", "teacher").status_code == 404
    assert len(school.store.past("north", "help", id)) == 2


def test_asked_twice_under_one_id_it_is_kept_once(school):
    assert ask(school, id="h").status_code == 201
    assert ask(school, id="h").status_code == 200
    assert ask(school, id="h", message="Something else").status_code == 409


def test_nobody_sees_what_is_not_theirs(school):
    mine, theirs = ask(school).json()["id"], ask(school, "cy", "cy").json()["id"]
    assert listed(school, "", "ana") == [mine]
    assert school.get(f"/v1/help/{theirs}", "ana").status_code == 404
    assert school.get(f"/v1/help/{theirs}", "teacher").status_code == 404
    assert school.get("/v1/help?student=cy", "teacher").status_code == 404
    assert school.call("DELETE", f"/v1/help/{theirs}", "ana").status_code == 404
    assert ask(school, "cy", "ana").status_code == 404
    assert school.get(f"/v1/help/{mine}", "foreign").status_code == 404


def test_it_says_nothing_of_what_the_student_knows(school):
    before = school.get("/v1/students/ana/mastery").json()["skills"]
    decided = school.call("POST", "/v1/students/ana/recommendations", json={}).json()
    ask(school)
    assert school.get("/v1/students/ana/mastery").json()["skills"] == before
    again = school.call("POST", "/v1/students/ana/recommendations", json={}).json()
    assert again["candidates"] == decided["candidates"]
    assert again["inputs_hash"] == decided["inputs_hash"]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"skill": "nowhere"}, "skill"), ({"activity": "none"}, "activity"), ({"note": 1}, "note")],
)
def test_what_cannot_be_asked_is_refused_by_its_field(school, expected_by_field, said, field):
    reply = ask(school, **said)
    assert reply.status_code == 422
    assert set(expected_by_field(reply)) == {field}
