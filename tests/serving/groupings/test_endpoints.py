"""Who of a class needs what now: decided, and stored whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

PATH = "/v1/classes/7b/groupings"


def seats(document):
    return {
        student["student"]: group["tier"]
        for group in document["groups"]
        for student in group["students"]
    }


def test_a_grouping_is_stored_as_it_was_decided(world, answer):
    reply = world.call("POST", PATH, json={"objective": "proportion", "kind": "need"})
    assert reply.status_code == 201
    world.send(answer(1))
    assert world.get(reply.headers["location"]).json() == reply.json()


def test_a_student_without_evidence_is_unplaced_and_nobody_is_lost(world, answer):
    world.send(*(answer(i, correct=False) for i in range(8)))
    found = world.call("POST", PATH, json={"objective": "proportion"}).json()
    assert [one["student"] for one in found["unplaced"]] == ["ben"]
    assert set(seats(found)) == {"ana"}


def test_wrong_answers_on_what_it_builds_on_lead_to_support(world, answer):
    world.send(*(answer(i, correct=False) for i in range(12)))
    found = world.call("POST", PATH, json={"objective": "proportion"}).json()
    assert seats(found)["ana"] == "support"
    support = next(group for group in found["groups"] if group["tier"] == "support")
    assert support["students"][0]["reasons"]


def test_every_tier_is_there_with_its_activities(world):
    found = world.call("POST", PATH, json={"objective": "proportion"}).json()
    assert [group["tier"] for group in found["groups"]] == ["support", "on-level", "advanced"]
    assert all(isinstance(group["activities"], dict) for group in found["groups"])


def test_an_unknown_objective_is_named(world, expected_by_field):
    reply = world.call("POST", PATH, json={"objective": "none"})
    assert reply.status_code == 422
    assert "proportion" in expected_by_field(reply)["objective"]


def test_an_empty_class_groups_nobody(world):
    world.call("PUT", "/v1/classes/empty", json={})
    found = world.call("POST", "/v1/classes/empty/groupings", json={"objective": "proportion"})
    assert seats(found.json()) == {}
    assert found.json()["unplaced"] == []


def test_a_teacher_groups_only_their_own_class(world):
    replies = {
        who: world.call("POST", PATH, who, json={"objective": "proportion"})
        for who in ("teacher", "stranger", "data", "foreign")
    }
    assert {who: reply.status_code for who, reply in replies.items()} == {
        "teacher": 201,
        "stranger": 404,
        "data": 403,
        "foreign": 404,
    }
    path = replies["teacher"].headers["location"]
    assert world.get(path, "stranger").status_code == 404


def make(world, **asked):
    reply = world.call("POST", PATH, "teacher", json={"objective": "proportion", **asked})
    assert reply.status_code == 201, reply.text
    return reply.json()


def change(world, document, role="teacher", *, headers=None, **said):
    path = f"/v1/groupings/{document['id']}"
    seen = headers or {"If-Match": world.get(path).headers["etag"]}
    return world.call("PATCH", path, role, json=said, headers=seen)


def lacking(world, answer, student="ana"):
    for skill in ("fractions", "ratios"):
        world.send(
            *(
                answer(f"{student}{skill}{i}", student=student, correct=False, skills=[skill])
                for i in range(8)
            )
        )


@pytest.fixture
def answer_by():
    def answer_by(name, *, student, correct, skills):
        return {
            "id": name,
            "student": student,
            "correct": correct,
            "skills": skills,
            "occurred_at": "2026-09-01T08:00:00Z",
        }

    return answer_by


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        ({"kind": "mixed", "groups": 2}, 2),
        ({"kind": "mixed", "size": 2}, 1),
        ({"kind": "pairs"}, 1),
    ],
)
def test_mixed_groups_and_pairs_seat_everybody(world, asked, groups):
    found = make(world, **asked)
    assert len(found["groups"]) == groups
    seated = [seat["student"] for group in found["groups"] for seat in group["students"]]
    assert sorted(seated) == ["ana", "ben"]
    assert all(group["tier"] is None for group in found["groups"])
    assert found["quality"]["largest"] >= 1


def test_groups_by_hand_are_as_named(world):
    found = make(world, kind="manual", members=[["ben"], []])
    assert [[s["student"] for s in g["students"]] for g in found["groups"]] == [["ben"], []]
    assert [one["student"] for one in found["unplaced"]] == ["ana"]


def test_wishes_that_cannot_be_had_are_named_not_refused(world):
    found = make(world, kind="mixed", groups=1, apart=[["ana", "ben"]])
    assert found["unmet"][0]["students"] == ["ana", "ben"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "mixed", "apart": [["ana", "zoe"]]}, "apart.0"),
        ({"kind": "mixed", "locked": {"ana": 9}}, "locked, ana"),
        ({"kind": "manual", "members": [["ana"], ["ana"]]}, "members.1"),
        ({"kind": "mixed", "groups": 0}, "groups"),
    ],
)
def test_what_cannot_be_meant_is_named_by_field(world, expected_by_field, asked, field):
    reply = world.call("POST", PATH, "teacher", json={"objective": "proportion", **asked})
    assert reply.status_code == 422
    assert field in expected_by_field(reply)


def test_a_field_that_a_kind_has_no_use_for_is_refused(world):
    asked = {"objective": "proportion", "kind": "need", "size": 3}
    assert world.call("POST", PATH, json=asked).status_code == 422


def test_a_move_needs_a_reason_wins_now_and_at_the_next_review(world, answer_by, expected_by_field):
    lacking(world, answer_by)
    document = make(world)
    assert seats(document)["ana"] == "support"
    move = [{"student": "ana", "to": 2}]
    refused = change(world, document, moves=move)
    assert "reason" in expected_by_field(refused)
    moved = change(world, document, moves=move, reason="Explained it to me today").json()
    assert seats(moved)["ana"] == "advanced"
    assert moved["changes"][0]["by"] == "ms-rivera"
    assert seats(make(world))["ana"] == "advanced"
    said = world.get("/v1/overrides", "teacher").json()["results"]
    assert [(one["kind"], one["tier"], one["reason"]) for one in said] == [
        ("move", "advanced", "Explained it to me today")
    ]


def test_a_locked_student_stays_until_unlocked(world):
    document = make(world, kind="mixed", groups=2)
    locked = change(world, document, lock=["ana"]).json()
    home = next(g["number"] for g in locked["groups"] for s in g["students"] if s["locked"])
    move = [{"student": "ana", "to": 1 - home}]
    assert change(world, locked, moves=move).status_code == 409
    assert change(world, locked, moves=move, unlock=["ana"]).status_code == 200


def test_a_grouping_is_confirmed_then_ended_with_an_outcome_and_then_left_alone(world, answer):
    document = make(world)
    confirmed = change(world, document, status="confirmed").json()
    assert confirmed["status"] == "confirmed"
    world.send(answer(9, occurred_at=(world.now + timedelta(minutes=1)).isoformat()))
    ended = change(world, confirmed, status="ended").json()
    assert len(ended["outcome"]) == 3
    assert change(world, ended, status="ended").status_code == 409


def test_two_who_change_the_same_grouping_do_not_overwrite_each_other(world):
    document = make(world, kind="mixed", groups=2)
    old = {"If-Match": f'"{document["version"]}"'}
    assert change(world, document, lock=["ana"], headers=old).status_code == 200
    assert change(world, document, lock=["ben"], headers=old).status_code == 412
    assert change(world, document, headers={"If-Match": "x"}, lock=["ben"]).status_code == 422


def test_nothing_of_a_faulty_change_happens(world, expected_by_field):
    document = make(world, kind="mixed", groups=2)
    reply = change(world, document, lock=["ana"], moves=[{"student": "zoe", "to": 7}])
    assert set(expected_by_field(reply)) == {"moves.0.student", "moves.0.to"}
    now = world.get(f"/v1/groupings/{document['id']}").json()
    assert not any(seat["locked"] for group in now["groups"] for seat in group["students"])


def test_the_csv_has_a_line_for_every_student(world):
    document = make(world, kind="mixed", groups=2)
    path = f"/v1/groupings/{document['id']}"
    reply = world.get(path, "teacher", headers={"Accept": "text/csv"})
    lines = reply.text.splitlines()
    assert lines[0].startswith("group,tier,student,name")
    assert {line.split(",")[2] for line in lines[1:]} == {"ana", "ben"}


def test_a_stranger_neither_sees_nor_changes_it(world):
    document = make(world)
    assert change(world, document, "stranger", lock=["ana"]).status_code == 404


def test_what_students_like_comes_first_in_their_materials(world):
    world.call("PUT", "/v1/students/ana", json={"name": "Ana", "interests": ["art"]})
    for activity, topics in (("aaa", []), ("murals", ["art"])):
        body = {"skills": ["ratios"], "modality": "project", "topics": topics}
        assert world.call("PUT", f"/v1/activities/{activity}", json=body).status_code == 201
    found = make(world, kind="mixed", groups=1)
    assert found["groups"][0]["activities"]["project"][0] == "murals"


def test_asking_twice_on_one_day_is_one_review(world, answer_by):
    lacking(world, answer_by)
    for _ in range(6):
        assert seats(make(world))["ana"] == "support"
    assert len(world.store.get("north", "group_records", "7b")["tiers"]["proportion"]) == 1
