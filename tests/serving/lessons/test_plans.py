"""Plans of lessons are decisions: kept whole, replayed bit for bit, and followed up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bundle import encode
from serving.witness import witnessed


def plan(world, **changes):
    body = {"objective": "proportion", "minutes": 45, **changes}
    reply = world.call("POST", "/v1/classes/7b/session-plan", "teacher", json=body)
    assert reply.status_code == 201, reply.text
    return reply


def replayed(world, document):
    return world.call("POST", f"/v1/session-plans/{document['id']}:replay", "teacher")


@pytest.fixture
def taught(world, answer):
    """A class of which something is known, with a policy, and a goal."""
    world.send(*(answer(n, student="ana") for n in range(4)), answer(9, student="ben", correct=0))
    world.call("PUT", "/v1/classes/7b/policy", json={"tiered_share": 0.4})
    return world


def test_a_plan_is_kept_and_read_back_as_it_was_decided(taught):
    reply = plan(taught)
    document = reply.json()
    assert reply.headers["location"] == f"/v1/session-plans/{document['id']}"
    assert taught.get(reply.headers["location"], "teacher").json() == document
    assert document["policy"] == "lesson-1"
    assert document["class_policy"]["tiered_share"] == 0.4
    assert document["basis"]["students"].keys() == {"ana", "ben"}


@pytest.mark.parametrize("with_groups", [False, True])
def test_it_comes_out_the_same_whatever_has_happened_since(taught, answer, with_groups):
    asked = {"objective": "proportion", "kind": "mixed", "size": 1}
    named = {}
    if with_groups:
        made = taught.call("POST", "/v1/classes/7b/groupings", "teacher", json=asked)
        named = {"grouping": made.json()["id"]}
    document = plan(taught, **named).json()
    later = (taught.now + timedelta(hours=1)).isoformat()
    taught.send(*(answer(20 + n, student="ben", occurred_at=later) for n in range(6)))
    taught.call("PUT", "/v1/classes/7b/policy", json={"tiered_share": 1.0})
    taught.call("PUT", "/v1/classes/7b", json={"teacher": "ms-rivera", "students": ["ana"]})
    taught.call("PUT", "/v1/activities/cards", json={"skills": ["ratios"]})
    word = {"kind": "exclude", "student": "ana", "activity": "paint", "reason": "r"}
    taught.call("POST", "/v1/overrides", json=word)
    if with_groups:
        path = f"/v1/groupings/{named['grouping']}"
        taught.call("PATCH", path, json={"moves": [{"student": "ana", "to": 1}]})
    assert replayed(taught, document).json() == {
        "id": document["id"],
        "identical": True,
        "differences": [],
    }
    assert plan(taught, **named).json()["blocks"] != document["blocks"]


def test_a_plan_that_was_tampered_with_differs(taught):
    document = plan(taught).json()
    held = {name: value for name, value in document.items() if name != "outcome"}
    store = taught.app.state.context.store
    store.save_session_plan("north", "lsn_x", {**held, "id": "lsn_x", "tiered_share": 0.9})
    found = replayed(taught, {"id": "lsn_x"}).json()
    assert [one["field"] for one in found["differences"]] == ["tiered_share"]


def test_another_model_cannot_replay_it(taught, promote, bundle):
    document = plan(taught).json()
    promote(encode(bundle.__class__("other", bundle.skills, bundle.pooled)))
    assert replayed(taught, document).status_code == 409


def test_answers_in_what_was_planned_become_its_outcome(taught, answer):
    document = plan(taught).json()
    first = document["outcome"][0]
    assert first["did"] == 0
    assert first["right"] is None
    soon = (taught.now + timedelta(minutes=5)).isoformat()
    late = (taught.now + timedelta(days=2)).isoformat()
    students = [
        student
        for task in document["blocks"][first["block"]]["tasks"]
        if task["activity"] == first["activity"]
        for student in task["students"]
    ]
    said = {"activity": first["activity"], "student": students[0]}
    taught.send(answer(31, occurred_at=soon, **said), answer(32, occurred_at=late, **said))
    found = taught.get(f"/v1/session-plans/{document['id']}").json()["outcome"][0]
    assert (found["did"], found["answers"], found["right"]) == (1, 1, 1.0)


def test_a_plan_of_another_class_does_not_exist(taught):
    document = plan(taught).json()
    path = f"/v1/session-plans/{document['id']}"
    assert taught.get(path, "stranger").status_code == 404
    assert taught.get("/v1/session-plans/lsn_none", "teacher").status_code == 404
    assert taught.call("POST", f"{path}:replay", "foreign").status_code == 404


def test_an_erased_student_is_in_no_plan(taught):
    document = plan(taught).json()
    assert '"ana"' in str(document).replace("'", '"')
    taught.call("POST", "/v1/students/ana:erase")
    found = taught.get(f"/v1/session-plans/{document['id']}")
    assert found.status_code == 200
    assert '"ana"' not in found.text


def test_a_witness_notes_what_was_read_and_what_was_not_there(taught):
    reading, witness = witnessed(taught.app.state.context.reading("north"))
    reading.store.get("north", "classes", "7b")
    reading.store.get("north", "classes", "9z")
    assert witness.read == {("classes", "7b"): 1, ("classes", "9z"): 0}
