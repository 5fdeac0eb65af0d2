"""Decisions: a page shows what the API stores."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from engine.bundle import Bundle
from engine.requests import Request
from serving.answers import Reading
from serving.decisions import (
    as_document,
    class_tiers,
    make_recommendation,
    next_activities,
    student_tier,
)
from serving.groupings.making import make_grouping
from serving.groupings.schemas import GroupingRequest


@pytest.fixture
def reading(world, bundle):
    return Reading(world.store, bundle, "north", world.now)


def plain(value):
    return json.loads(json.dumps(asdict(value)))


def test_a_page_shows_the_recommendation_that_the_api_would_store(reading, world, answer):
    world.send(*(answer(i) for i in range(4)))
    shown = json.loads(json.dumps(as_document(next_activities(reading, "ana", Request()))))
    document = make_recommendation(reading, "ana", Request())
    assert shown["candidates"] == json.loads(json.dumps(document["candidates"]))
    assert world.store.recommendation("north", document["id"])["status"] == shown["status"]


def test_a_page_shows_the_groups_that_the_api_would_store(reading, world, answer):
    world.send(*(answer(i, correct=0) for i in range(9)))
    shown = plain(class_tiers(reading, "7b", "proportion"))
    document = make_grouping(reading, "7b", GroupingRequest(objective="proportion"))
    stored = world.store.grouping("north", document["id"])["groups"]
    assert [
        [{**seat, "locked": False} for seat in group["students"]] for group in shown["groups"]
    ] == [group["students"] for group in stored]


def test_the_hash_changes_with_the_evidence_the_curriculum_and_the_model(reading, world, answer):
    def hashed(bundle):
        now = Reading(reading.store, bundle, "north", world.now)
        return make_recommendation(now, "ana", Request())["inputs_hash"]

    hashes = [hashed(reading.bundle), hashed(reading.bundle)]
    assert len(set(hashes)) == 1
    world.send(answer(1))
    hashes.append(hashed(reading.bundle))
    world.call("PUT", "/v1/skills/angles", json={})
    hashes.append(hashed(reading.bundle))
    hashes.append(hashed(Bundle("x", {}, reading.bundle.pooled)))
    assert len(set(hashes)) == 4


def test_a_decision_is_dated_by_the_clock(reading, world):
    document = make_grouping(reading, "7b", GroupingRequest(objective="proportion"))
    assert document["decided_at"] == world.now.isoformat()


def test_a_student_alone_is_seated_as_in_class(reading, world, answer):
    world.send(*(answer(i, correct=0) for i in range(9)))
    class_ = class_tiers(reading, "7b", "proportion")
    alone = student_tier(reading, "ana", "proportion")
    seated = [seat for group in class_.groups for seat in group.students if seat.student == "ana"]
    assert [seat for group in alone.groups for seat in group.students] == seated
