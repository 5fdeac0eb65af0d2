"""Sending answers: what is kept, what is not, and what the sender is told."""

from __future__ import annotations

import json
from typing import Any

import pytest


def statuses(reply: Any) -> list[str]:
    return [result["status"] for result in reply.json()["results"]]


def test_an_answer_is_accepted_and_again_a_duplicate(world, answer):
    first, again = world.send(answer(1)), world.send(answer(1))
    assert (first.status_code, statuses(first)) == (200, ["accepted"])
    assert (again.status_code, statuses(again)) == (200, ["duplicate"])


def test_other_content_under_the_same_id_is_a_conflict_that_names_the_event(world, answer):
    world.send(answer(1))
    reply = world.send(answer(1, correct=False))
    assert reply.status_code == 409
    assert "e1" in reply.json()["detail"]
    assert "correct" in reply.json()["detail"]


def test_a_conflict_among_others_is_told_apart(world, answer):
    world.send(answer(1))
    reply = world.send(answer(1, correct=False), answer(2))
    assert (reply.status_code, statuses(reply)) == (207, ["conflict", "accepted"])


def test_a_malformed_event_does_not_hold_up_the_others(world, answer):
    reply = world.send(answer(1), answer(2, correct=1.5), 7, answer(3))
    assert (reply.status_code, statuses(reply)) == (
        207,
        ["accepted", "rejected", "rejected", "accepted"],
    )
    assert "correct" in reply.json()["results"][1]["reason"]
    assert reply.json()["results"][2]["reason"] == "event: got '7', expected a JSON object"


def test_a_single_malformed_event_is_a_problem_that_names_field_and_remedy(
    world, answer, expected_by_field
):
    reply = world.send(answer(1, correct="1", hints=-1))
    assert reply.status_code == 422
    assert expected_by_field(reply) == {
        "events[0].correct": "a number from 0 to 1, or true or false",
        "events[0].hints": "greater than or equal to 0",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"correct": 2},
        {"correct": -0.1},
        {"correct": None},
        {"correct": True, "score": 1},
        {"occurred_at": "2026-09-01T08:30:00"},
        {"occurred_at": "2026-09-01"},
        {"occurred_at": 1788251400},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"id": ""},
        {"id": "x" * 201},
        {"id": "nul\x00"},
        {"student": 7},
        {"student": None},
        {"skills": []},
        {"skills": "fractions"},
        {"skills": None},
        {"response_ms": 1.5},
        {"hints": 10**30},
        {"corect": 1},
    ],
    ids=str,
)
def test_what_cannot_be_an_answer_is_refused_and_leaves_nothing(world, answer, changes):
    reply = world.send(answer(1, **changes))
    assert reply.status_code == 422
    assert reply.json()["errors"]
    assert world.store.last_sequence("north") == 0


@pytest.mark.parametrize(
    "body", ["{", "NaN", "[]", "7", '{"events": []}', '{"events": {}}', "{}", '{"events": null}']
)
def test_a_body_of_another_shape_is_refused(world, body):
    reply = world.call(
        "POST", "/v1/events", content=body, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in (400, 422)
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 5000])
def test_numbers_that_are_none_are_refused(world, answer, value):
    body = json.dumps({"events": [answer(1)]}).replace("true", value)
    reply = world.call(
        "POST", "/v1/events", content=body, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in (400, 422)


def test_a_body_nested_without_end_is_refused(world):
    body = '{"events": ' + "[" * 100_000 + "]" * 100_000 + "}"
    reply = world.call(
        "POST", "/v1/events", content=body, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in (400, 422)


def test_more_than_a_thousand_events_are_refused(world, answer):
    reply = world.send(*(answer(i) for i in range(1001)))
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"] == "events"


@pytest.mark.parametrize(
    "name", ["Volume (3D)", "C++", "a/b", "größer 中文 🦊", "'; DROP TABLE", "%"]
)
def test_ids_may_hold_any_unicode(world, answer, name):
    reply = world.send(answer(1, id=name, student=name, skills=[name]))
    assert statuses(reply) == ["accepted"]


def test_an_answer_to_an_unknown_skill_is_kept_and_counts_once_the_skill_is_known(world, answer):
    reply = world.send(answer(1, skills=None, item="new-1"))
    assert reply.json()["results"][0]["unmapped"] is True
    world.call("PUT", "/v1/items/new-1", json={"skills": ["fractions"]})
    mastery = world.get("/v1/students/ana/mastery?skill=fractions").json()
    assert mastery["skills"][0]["n"] == 1


def test_a_time_far_ahead_is_quarantined_and_does_not_count(world, answer):
    reply = world.send(answer(1, occurred_at="2027-09-01T08:30:00Z"))
    assert (reply.status_code, statuses(reply)) == (207, ["quarantined"])
    mastery = world.get("/v1/students/ana/mastery?skill=fractions").json()
    assert mastery["skills"][0]["n"] == 0


def test_partial_credit_and_truth_values_are_answers(world, answer):
    reply = world.send(
        answer(1, correct=0.5), answer(2, correct=0), answer(3, correct=None, score=1)
    )
    assert statuses(reply) == ["accepted"] * 3


def test_only_platforms_and_admins_send_events(world, answer):
    replies = [world.send(answer(1), role=role).status_code for role in ("teacher", "data")]
    assert replies == [403, 403]


def test_a_skill_that_joins_several_is_refused_where_it_stands(world, answer, expected_by_field):
    reply = world.send(answer(1, skills=["fractions", "fractions~~ratios"]))
    assert reply.status_code == 422
    assert expected_by_field(reply) == {
        "events[0].skills[1]": "skills listed, not joined by ~~",
    }


def test_a_rejected_event_is_named_by_its_whole_id(world, answer):
    reply = world.send(answer(1), answer(2, id="x" * 200, correct=2))
    assert [result["id"] for result in reply.json()["results"]] == ["e1", "x" * 200]


def mastered(world: Any, student: str = "ana") -> Any:
    skills = world.get(f"/v1/students/{student}/mastery").json()["skills"]
    return {skill["skill"]: (skill["n"], skill["p_mastery"]) for skill in skills}


def test_an_answer_taken_back_counts_no_more_and_the_belief_follows(world, answer):
    world.send(answer(1))
    before = mastered(world)
    world.send(answer(2, correct=False))
    taken_back = world.send({"id": "v1", "student": "ana", "voids": "e2"})
    assert statuses(taken_back) == ["accepted"]
    assert mastered(world) == before


def test_a_corrected_answer_counts_as_corrected(world, answer):
    world.send(answer(1, correct=False))
    world.send(answer(3, voids="e1", correct=True, occurred_at=answer(1)["occurred_at"]))
    world.send(answer(3, id="b3", student="ben", occurred_at=answer(1)["occurred_at"]))
    assert mastered(world) == mastered(world, "ben")


def test_an_answer_may_be_taken_back_before_it_arrives(world, answer):
    first = world.send({"id": "v1", "student": "ana", "voids": "e1"})
    assert first.json()["results"][0]["unmapped"]
    world.send(answer(1))
    assert mastered(world)["fractions"][0] == 0


def test_nobody_takes_back_the_answer_of_another_student(world, answer):
    world.send(answer(1))
    reply = world.send({"id": "v1", "student": "ben", "voids": "e1"})
    assert reply.status_code == 422
    assert "same student" in reply.json()["detail"]


@pytest.mark.parametrize("where", ["event", "delivery"])
def test_a_device_clock_that_is_off_is_corrected_from_the_time_of_sending(world, answer, where):
    """The device is ten days ahead: its answer of a minute before sending was one minute ago."""
    said = {"sent_at": "2026-09-25T12:00:00Z"}
    event = answer(1, occurred_at="2026-09-25T11:59:00Z")
    body = {"events": [event | said]} if where == "event" else {"events": [event], **said}
    reply = world.call("POST", "/v1/events", json=body)
    assert statuses(reply) == ["accepted"]
    (kept,) = world.store.responses("north", ["ana"])["ana"]
    assert kept.occurred_at.isoformat() == "2026-09-15T11:59:00+00:00"


def test_an_answer_that_waits_for_its_item_counts_once_the_item_is_known(world, answer):
    reply = world.send(answer(1, skills=None, item="new"))
    assert reply.json()["results"][0] == {
        "id": "e1",
        "status": "accepted",
        "reason": "",
        "unmapped": True,
        "unlinked": False,
    }
    assert mastered(world)["fractions"][0] == 0
    world.call("PUT", "/v1/items/new", json={"skills": ["fractions"]})
    assert mastered(world)["fractions"][0] == 1


def test_an_essay_scored_by_a_rubric_counts_by_its_share(world, answer):
    def mastery(student, score):
        scored = {"score": score, "evidence_kind": "essay", "rubric": "argument-4"}
        essay = answer(1, id=f"essay-{student}", student=student, correct=None, **scored)
        assert world.send(essay).json()["results"][0]["status"] == "accepted"
        found = world.get(f"/v1/students/{student}/mastery?skill=fractions").json()
        return found["skills"][0]["p_mastery"]

    worst, partly, best = mastery("ana", 0.0), mastery("ben", 0.75), mastery("cy", 1.0)
    assert worst < partly < best
    again = answer(
        1, id="essay-ana", correct=None, score=0.0, evidence_kind="talk", rubric="argument-4"
    )
    assert world.send(again).status_code == 409
