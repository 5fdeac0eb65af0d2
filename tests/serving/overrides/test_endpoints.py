"""Overrides over HTTP: they win everywhere, are previewed, reported on and withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

SECURE = {
    "kind": "set_state",
    "student": "ana",
    "skill": "fractions",
    "state": "secure",
    "reason": "Explained it to the class",
}


def say(world, role="platform", **changes):
    body = {name: value for name, value in {**SECURE, **changes}.items() if value is not None}
    return world.call("POST", "/v1/overrides", role, json=body)


def pin(world, **changes):
    said = {"kind": "pin", "skill": None, "state": None, "activity": "paint", **changes}
    return say(world, **said)


def next_for(world, student="ana", **request):
    return world.call("POST", f"/v1/students/{student}/recommendations", json=request).json()


def state_of(world, skill="fractions"):
    found = world.get("/v1/students/ana/mastery").json()["skills"]
    return next(one for one in found if one["skill"] == skill)


def test_an_override_is_kept_with_who_why_and_until_when(world):
    reply = say(world, "teacher")
    assert reply.status_code == 201
    found = reply.json()
    assert (found["by"], found["reason"], found["version"]) == ("ms-rivera", SECURE["reason"], 1)
    assert found["expires_at"] == (world.now + timedelta(weeks=4)).isoformat()
    assert world.get(reply.headers["location"]).json()["status"] == "in_force"


def test_a_word_on_a_state_is_shown_beside_an_estimate_that_stays(world, answer):
    world.send(*(answer(i, correct=False) for i in range(4)))
    before = state_of(world)
    said = say(world).json()
    found = state_of(world)
    assert (found["state"], found["model_state"], found["override"]) == (
        "secure",
        before["state"],
        said["id"],
    )
    assert found["p_mastery"] == before["p_mastery"]
    page = world.get("/v1/classes/7b/mastery?format=csv").text
    assert said["id"] in page


def test_it_never_becomes_something_the_student_did(world):
    say(world)
    assert state_of(world)["n"] == 0
    assert world.store.responses("north", ["ana"])["ana"] == []


def test_it_wins_in_the_next_activity_and_in_groups(world, answer):
    assert {c["skill"] for c in next_for(world)["candidates"]} == {"fractions"}
    said = say(world).json()
    found = next_for(world)
    assert {c["skill"] for c in found["candidates"]} == {"ratios"}
    assert found["overrides"] == [said["id"]]
    move = say(
        world, kind="move", skill=None, state=None, objective="proportion", tier="advanced"
    ).json()
    groups = world.call("POST", "/v1/classes/7b/groupings", json={"objective": "proportion"})
    advanced = next(g for g in groups.json()["groups"] if g["tier"] == "advanced")
    assert [one["student"] for one in advanced["students"]] == ["ana"]
    assert world.get(f"/v1/overrides/{move['id']}").json()["kind"] == "move"


def test_as_of_a_time_before_it_was_said_it_did_not_hold(world):
    say(world)
    earlier = (world.now - timedelta(days=1)).isoformat()
    found = world.get("/v1/students/ana/mastery", params={"as_of": earlier}).json()["skills"]
    assert [one["override"] for one in found] == [None, None]


def test_a_preview_says_what_would_change_and_keeps_nothing(world, answer):
    world.send(*(answer(i, correct=False) for i in range(8)))
    reply = say(world, dry_run=True)
    assert reply.status_code == 200
    (changes,) = reply.json()["students"]
    assert changes["states"] == [{"skill": "fractions", "before": "emerging", "after": "secure"}]
    assert changes["next"]["before"] != changes["next"]["after"] == ["paint"]
    assert changes["blocked"] == {"before": ["ratios"], "after": []}
    assert changes["tiers"] == [
        {"objective": "proportion", "before": "support", "after": "on-level"}
    ]
    assert world.get("/v1/overrides").json()["results"] == []
    assert next_for(world)["overrides"] == []


def test_a_preview_is_what_then_happens(world):
    (changes,) = pin(world, dry_run=True).json()["students"]
    pin(world)
    assert [c["activity"] for c in next_for(world)["candidates"]] == changes["next"]["after"]


def test_a_preview_for_a_class_covers_everybody_in_it(world):
    reply = pin(world, student=None, dry_run=True, **{"class": "7b"})
    assert [one["student"] for one in reply.json()["students"]] == ["ana", "ben"]


def test_of_two_that_contradict_the_newer_holds_and_the_answers_say_so(world):
    older = say(world, id="a").json()  # of the same moment: the id tells which is newer
    preview = say(world, id="z", state="not_secure", dry_run=True).json()
    assert preview["displaces"] == [older["id"]]
    newer = say(world, id="z", state="not_secure").json()
    assert newer["displaces"] == [older["id"]]
    found = world.get(f"/v1/overrides/{older['id']}").json()
    assert (found["status"], found["displaced_by"]) == ("displaced", "z")
    assert "newer_word" in [reason["code"] for reason in next_for(world)["reasons"]]


def test_the_same_said_again_under_one_id_is_kept_once(world):
    assert say(world, id="o1").status_code == 201
    again = say(world, id="o1")
    assert (again.status_code, again.json()["version"]) == (200, 1)
    assert say(world, id="o1", state="not_secure").status_code == 409


def test_withdrawn_it_holds_no_more_and_its_history_stays(world):
    say(world, id="o1")
    gone = world.call("DELETE", "/v1/overrides/o1", headers={"If-Match": '"2"'})
    assert gone.status_code == 412
    assert world.call("DELETE", "/v1/overrides/o1").status_code == 204
    assert world.get("/v1/overrides/o1").status_code == 404
    assert state_of(world)["override"] is None
    past = world.store.past("north", "overrides", "o1")
    assert [(one["version"], one["deleted"]) for one in past] == [(1, False), (2, True)]


def test_what_came_of_it_is_told_beside_what_the_model_expected(world, answer):
    pin_id = pin(world).json()["id"]
    before = world.get(f"/v1/overrides/{pin_id}").json()["effect"]
    assert (before["answers"], before["right"], before["done"]) == (0, None, False)
    later = (world.now + timedelta(minutes=5)).isoformat()
    world.send(
        answer(1, skills=["ratios"], activity="paint", occurred_at=later),
        answer(2, skills=["ratios"], activity="paint", occurred_at=later, correct=False),
    )
    found = world.get(f"/v1/overrides/{pin_id}").json()["effect"]
    assert (found["answers"], found["right"], found["done"]) == (2, 0.5, True)
    assert 0 < found["expected"] < 1
    assert found["p_mastery_before"] != found["p_mastery_now"]


def test_without_a_model_an_override_is_kept_and_reported_on_without_effect(bare):
    bare.call("PUT", "/v1/skills/ratios", json={})
    bare.call("PUT", "/v1/students/ana", json={})
    said = say(bare, skill="ratios")
    assert said.status_code == 201
    assert bare.get(f"/v1/overrides/{said.json()['id']}").json()["effect"] is None
    assert say(bare, skill="ratios", dry_run=True).status_code == 503


def test_a_teacher_speaks_for_their_own_students_alone(world):
    assert say(world, "teacher", student="cy").status_code == 404
    said = say(world, "teacher").json()
    path = f"/v1/overrides/{said['id']}"
    assert world.get(path, "stranger").status_code == 404
    assert world.call("DELETE", path, "stranger").status_code == 404
    assert world.get("/v1/overrides", "stranger").json()["results"] == []
    assert [o["id"] for o in world.get("/v1/overrides?student=ana", "teacher").json()["results"]]
    assert world.get(path, "foreign").status_code == 404


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reason": None}, {"reason"}),
        ({"reason": "  "}, {"reason"}),
        ({"kind": "praise"}, {"kind"}),
        ({"state": None}, {"set_state"}),
        ({"skill": "nowhere"}, {"skill"}),
        ({"student": None}, {"student"}),
        ({"student": None, "class": "7b"}, {"class"}),
        ({"expires_at": "2026-09-01T00:00:00Z"}, {"expires_at"}),
        ({"weight": 3}, {"weight"}),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_cannot_be_meant_is_refused_by_its_field(
    world, expected_by_field, changes, fields, dry_run
):
    reply = say(world, dry_run=dry_run, **changes)
    assert reply.status_code == 422
    assert set(expected_by_field(reply)) == fields


def test_every_combination_at_once_is_answered(world):
    said = [
        pin(world),
        say(world),
        say(world, kind="exclude", skill=None, state=None, activity="paint"),
        say(world, kind="exclude", state=None),
        say(world, kind="skip_prerequisite", skill="ratios", state=None),
        say(world, kind="skip_prerequisite", skill="ratios", state=None, prerequisite="fractions"),
        say(world, state="not_secure"),
    ]
    assert [reply.status_code for reply in said] == [201] * len(said)
    for intent in ("auto", "learn", "practice", "review", "assess", "diagnose"):
        found = next_for(world, intent=intent)
        assert found["candidates"] or found["reasons"]


def test_a_pinned_video_comes_first_until_somebody_says_that_it_is_done(world):
    said = pin(world, activity="bars").json()
    assert next_for(world)["candidates"][0]["activity"] == "bars"
    done = world.call(
        "POST", f"/v1/overrides/{said['id']}:done", "student", json={"student": "ana"}
    )
    assert done.json()["done"] == ["ana"]
    first = next_for(world)["candidates"][0]
    assert "pinned" not in [one["code"] for one in first["reasons"]]
    assert world.get(f"/v1/overrides/{said['id']}").json()["effect"]["done"] is True
    assert state_of(world)["n"] == 0  # no evidence of anything


def test_what_one_student_has_done_stays_pinned_for_the_others_of_the_class(world):
    said = pin(world, activity="bars", student=None, **{"class": "7b"}).json()
    world.call("POST", f"/v1/overrides/{said['id']}:done", "teacher", json={"student": "ana"})

    def pinned(student):
        first = next_for(world, student)["candidates"][0]
        return "pinned" in [one["code"] for one in first["reasons"]]

    assert (pinned("ana"), pinned("ben")) == (False, True)
    assert world.get(f"/v1/overrides/{said['id']}").json()["effect"]["done"] is False


def test_only_pins_are_done_and_only_by_whom_they_concern(world):
    word, pinned = say(world).json()["id"], pin(world, activity="bars").json()["id"]

    def done(id, role="platform", student="ana"):
        reply = world.call("POST", f"/v1/overrides/{id}:done", role, json={"student": student})
        return reply.status_code

    assert done(word) == 409
    assert done(pinned, student="ben") == 404
    assert done(pinned, "stranger") == 404
    assert done("nothing") == 404


def test_a_decision_is_replayed_with_what_was_done_then(world):
    said = pin(world, activity="bars").json()
    document = next_for(world)
    world.call("POST", f"/v1/overrides/{said['id']}:done", json={"student": "ana"})
    again = world.call("POST", f"/v1/recommendations/{document['id']}:replay").json()
    assert again["identical"], again["differences"]


@pytest.fixture
def grouping(world):
    """A grouping by the teacher's own hand: ana in the first group, ben in the second."""
    asked = {"objective": "proportion", "kind": "manual", "members": [["ana"], ["ben"]]}
    return world.call("POST", "/v1/classes/7b/groupings", "teacher", json=asked).json()


def move(world, grouping, group=1, **changes):
    said = {"kind": "move", "skill": None, "state": None, "grouping": grouping["id"]}
    return say(world, "teacher", **said, group=group, **changes)


def seats(world, grouping):
    found = world.get(f"/v1/groupings/{grouping['id']}").json()
    return [[seat["student"] for seat in group["students"]] for group in found["groups"]]


def test_a_move_to_another_group_is_previewed_then_done_and_reported_on(world, grouping, answer):
    preview = move(world, grouping, dry_run=True).json()
    (change,) = preview["students"][0]["groups"]
    assert (change["before"], change["after"]) == (0, 1)
    assert change["spread"].keys() == {"before", "after"}
    assert seats(world, grouping) == [["ana"], ["ben"]]
    said = move(world, grouping)
    assert said.status_code == 201
    assert seats(world, grouping) == [[], ["ben", "ana"]]
    after = (world.now + timedelta(minutes=1)).isoformat()
    world.send(answer(1, skills=["ratios"], occurred_at=after))
    assert world.get(said.headers["location"]).json()["effect"]["answers"] == 1
    assert next_for(world)["overrides"] == [said.json()["id"]]


def test_a_move_said_again_under_its_id_is_done_once(world, grouping):
    first = move(world, grouping, id="m1").json()
    changes = world.get(f"/v1/groupings/{grouping['id']}").json()["changes"]
    assert move(world, grouping, id="m1").json()["version"] == first["version"]
    assert world.get(f"/v1/groupings/{grouping['id']}").json()["changes"] == changes


def test_a_move_on_the_grouping_itself_is_an_override_too(world, grouping):
    path, change = f"/v1/groupings/{grouping['id']}", {"moves": [{"student": "ana", "to": 1}]}
    world.call("PATCH", path, json=change)
    (kept,) = world.get("/v1/overrides?student=ana").json()["results"]
    assert (kept["kind"], kept["grouping"], kept["group"]) == ("move", grouping["id"], 1)


def test_a_move_that_cannot_be_made_is_refused_and_nothing_is_kept(
    world, grouping, expected_by_field
):
    assert expected_by_field(move(world, grouping, group=7)).keys() == {"moves.0.to"}
    world.call("PATCH", f"/v1/groupings/{grouping['id']}", json={"lock": ["ana"]})
    assert move(world, grouping).status_code == 409
    assert move(world, {"id": "grp_none"}).status_code == 404
    tiers = world.call("POST", "/v1/classes/7b/groupings", json={"objective": "proportion"}).json()
    assert expected_by_field(move(world, tiers)).keys() == {"grouping"}
    assert world.get("/v1/overrides?student=ana").json()["results"] == []
