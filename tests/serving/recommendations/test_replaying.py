"""The same facts, the same decision, to the bit, whatever has happened since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bundle import Bundle, encode, versioned
from engine.tiring import Memory, Tiring


def decided(world, **request):
    reply = world.call("POST", "/v1/students/ana/recommendations", json=request)
    assert reply.status_code == 201
    return reply.json()


def replayed(world, document):
    return world.call("POST", f"/v1/recommendations/{document['id']}:replay")


@pytest.fixture
def told(world, answer):
    """A school in which something was said and done before the decision."""
    world.send(*(answer(number, correct=number % 3 > 0) for number in range(7)))
    goal = {"student": "ana", "skill": "ratios", "deadline": "2026-10-01T00:00:00Z"}
    world.call("PUT", "/v1/goals/g", json=goal)
    word = {"kind": "exclude", "student": "ana", "activity": "bars", "reason": "seen"}
    world.call("POST", "/v1/overrides", json={"id": "o", **word})
    return world


def test_nothing_has_changed_and_it_is_identical(told):
    found = replayed(told, decided(told))
    assert found.status_code == 200
    assert found.json()["identical"], found.json()


@given(
    asked=st.fixed_dictionaries(
        {},
        optional={
            "intent": st.sampled_from(["auto", "practice", "assess", "diagnose", "review"]),
            "n": st.integers(1, 10),
            "minutes": st.sampled_from([0, 4.5, 20]),
            "objective": st.just("proportion"),
            "goal": st.just("ratios"),
            "exclude": st.just(["cards"]),
        },
    )
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_request_is_decided_again_as_it_was(told, asked):
    assert replayed(told, decided(told, **asked)).json()["identical"]


def test_whatever_has_happened_since_it_is_identical(told, answer):
    document = decided(told)
    told.send(answer(20), answer(21, occurred_at="2026-09-01T07:00:00Z"))  # one from before
    told.send({"id": "v", "student": "ana", "voids": "e1"})
    told.call("PUT", "/v1/goals/g", json={"student": "ana", "skill": "fractions", "weight": 9.0})
    told.call("DELETE", "/v1/overrides/o")
    told.call("PUT", "/v1/classes/7b", json={"teacher": "ms-rivera", "students": ["ben"]})
    told.call("PUT", "/v1/activities/new", json={"skills": ["fractions"]})
    told.call("DELETE", "/v1/activities/cards")
    now = decided(told)
    assert now["candidates"] != document["candidates"]
    for one in (document, now):
        assert replayed(told, one).json() == {"id": one["id"], "identical": True, "differences": []}


def test_what_was_tampered_with_is_named(told):
    document = decided(told)
    changed = {**document, "id": "rec_other", "status": "complete"}
    changed["candidates"] = [{**document["candidates"][0], "propensity": 0.25}]
    told.store.save_recommendation("north", "rec_other", changed)
    found = replayed(told, changed).json()
    assert not found["identical"]
    assert {one["field"] for one in found["differences"]} >= {"status", "candidates"}


def test_another_model_is_not_taken_for_the_one_that_decided(told, promote, bundle):
    document = decided(told)
    other = versioned(Bundle("classic", bundle.skills, bundle.pooled, {"events": 7}))
    promote(encode(other))
    reply = replayed(told, document)
    assert reply.status_code == 409
    assert document["model"] in reply.json()["detail"]


def test_what_it_was_decided_from_has_its_hash(told, answer):
    first, again = decided(told), decided(told)
    assert first["inputs_hash"] == again["inputs_hash"]
    told.call("DELETE", "/v1/overrides/o")
    changed = decided(told)
    told.send(answer(30))
    later = decided(told)
    assert len({one["inputs_hash"] for one in (first, changed, later)}) == 3


def test_time_is_an_input_too(told):
    first = decided(told)
    object.__setattr__(told.app.state.context, "clock", lambda: told.now + timedelta(days=1))
    later = decided(told)
    assert later["inputs_hash"] != first["inputs_hash"]
    assert replayed(told, first).json()["identical"]
    assert replayed(told, later).json()["identical"]


def test_what_goes_by_the_students_own_speed_is_decided_again_to_the_bit(
    world, answer, promote, bundle
):
    facts = {"students": 900, "tiring": Tiring(0.2, Memory(0.5, 8.0)).as_fact()}
    promote(encode(versioned(Bundle("classic", bundle.skills, bundle.pooled, facts))))
    world.send(*(answer(number, correct=False) for number in range(7)))
    document = decided(world)
    assert document["policy"].startswith("index-")
    codes = {reason["code"] for one in document["candidates"] for reason in one["reasons"]}
    assert "pace" in codes
    world.send(answer(20, correct=True), answer(21, occurred_at="2026-09-01T07:00:00Z"))
    assert decided(world)["candidates"] != document["candidates"]
    assert replayed(world, document).json()["identical"]
