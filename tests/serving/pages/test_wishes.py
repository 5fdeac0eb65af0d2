"""Goals, help and a teacher's word on the pages: set, previewed, answered, taken back, by forms."""

from __future__ import annotations

import re
from html import unescape

import pytest

ANA = "/classes/7b/students/ana"
FORM = f"{ANA}/override"


@pytest.fixture
def own(world):
    """Opens pages, and sends forms, as Ana herself."""
    token = world.store.create_sign_in("north", "student", world.now, user="ana")
    world.client.request("GET", f"/sign-in?token={token}")

    def page(path="/", **fields):
        if not fields:
            return world.client.request("GET", path, headers={"accept": "text/html"})
        shown = world.client.request("GET", "/", headers={"accept": "text/html"}).text
        csrf = re.search(r'name="csrf" value="([^"]+)"', shown)[1]
        return world.client.request("POST", path, data={"csrf": csrf, **fields})

    return page


def text_of(reply):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.text)).split())


def test_a_teacher_sees_help_that_was_asked_for_and_answers_it(world, browse, submit):
    said = {"skill": "ratios", "message": "Where do I begin?"}
    asked = world.call("POST", "/v1/students/ana/help", json=said).json()
    assert "Where do I begin?" in browse(ANA).text
    assert "Asked for help Ana : Where do I begin?" in text_of(browse("/classes/7b"))
    fields = {"answer": asked["id"], "message": "With a drawing", "class_id": "7b"}
    done = submit("/students/ana/help", page=ANA, **fields)
    assert (done.status_code, done.headers["location"]) == (303, ANA)
    assert "Where do I begin?" not in browse(ANA).text
    assert "Where do I begin?" not in browse("/classes/7b").text
    assert world.get(f"/v1/help/{asked['id']}").json()["answer"] == "With a drawing"


def test_a_teacher_sets_a_goal_and_drops_it(world, browse, submit):
    fields = {"target": "skill:ratios", "deadline": "2026-10-01", "class_id": "7b"}
    assert submit("/students/ana/goals", page=ANA, **fields).status_code == 303
    (goal,) = world.get("/v1/goals?student=ana").json()["results"]
    assert (goal["skill"], goal["by"]) == ("ratios", "ms-rivera")
    assert "2 skills to go, by 1 Oct 2026" in text_of(browse(ANA))
    assert f'name="version" value="{goal["version"]}"' in browse(ANA).text
    submit("/students/ana/goals", page=ANA, drop=goal["id"], version="1", class_id="7b")
    assert world.get("/v1/goals?student=ana").json()["results"] == []


@pytest.mark.parametrize(("version", "status"), [("1", 412), ("", 428)])
def test_a_goal_is_dropped_only_as_it_was_shown(world, browse, submit, version, status):
    browse(ANA)
    for skill in ("fractions", "ratios"):
        world.call("PUT", "/v1/goals/g", json={"student": "ana", "skill": skill})
    fields = {"drop": "g", "version": version, "class_id": "7b"}
    assert submit("/students/ana/goals", page=ANA, **fields).status_code == status
    assert world.get("/v1/goals/g").json()["skill"] == "ratios"


def test_an_override_is_previewed_and_only_then_said(world, browse, submit):
    fields = {"kind": "set_state", "skill": "fractions", "state": "secure", "reason": "Told me"}
    shown = submit(FORM, page=FORM, until="2026-10-01", **fields)
    assert shown.status_code == 200
    words = text_of(shown)
    assert "“fractions” counts as secure" in words
    assert "“ratios” can start now" in words
    assert world.get("/v1/overrides").json()["results"] == []
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    again.pop("csrf")
    assert submit(FORM, page=FORM, **again).headers["location"] == ANA
    (said,) = world.get("/v1/overrides?student=ana").json()["results"]
    assert (said["reason"], said["by"]) == ("Told me", "ms-rivera")
    assert said["expires_at"].startswith("2026-10-01")
    assert "“fractions” counts as secure until 1 Oct 2026" in text_of(browse(ANA))


def test_an_override_is_withdrawn_from_the_page(world, browse, submit):
    body = {"kind": "pin", "student": "ana", "activity": "paint", "reason": "r", "id": "o"}
    world.call("POST", "/v1/overrides", json=body)
    assert "“paint” comes first" in text_of(browse(ANA))
    submit(FORM, page=ANA, withdraw="o")
    assert "“paint” comes first" not in text_of(browse(ANA))
    noted = world.get("/v1/audit?student=ana", "admin").json()["results"]
    assert {"override", "withdraw-override"} <= {one["deed"] for one in noted}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "say why"),
        ({"until": "2026-09-01"}, "until when"),
        ({"until": "soon"}, "until when"),
        ({"first": "skill:nowhere"}, "skill"),
        ({"first": ""}, "what comes first"),
        ({"kind": "praise"}, "what should hold"),
        ({"kind": ""}, "what should hold"),
    ],
)
def test_what_cannot_be_meant_is_said_above_the_form_and_what_was_typed_stays(
    world, browse, submit, changes, words
):
    fields = {"kind": "pin", "first": "activity:paint", "reason": "why", "until": "2026-10-01"}
    shown = submit(FORM, page=FORM, **{**fields, **changes})
    assert shown.status_code == 422
    assert words in text_of(shown)
    assert 'role="alert"' in shown.text
    assert f'value="{({**fields, **changes})["until"]}"' in shown.text


def test_a_form_of_another_site_changes_nothing(world, browse):
    browse(ANA)
    fields = {"target": "skill:ratios", "csrf": "guessed"}
    reply = world.client.request("POST", "/students/ana/goals", data=fields)
    assert reply.status_code == 403
    assert world.get("/v1/goals").json()["results"] == []


def test_a_student_sets_goals_of_their_own_and_drops_them(world, own):
    assert own("/students/ana/goals", target="skill:ratios").headers["location"] == "/"
    assert "ratios 2 skills to go" in text_of(own())
    (goal,) = world.get("/v1/goals?student=ana").json()["results"]
    assert goal["by"] == "ana"
    own("/students/ana/goals", drop=goal["id"], version="1")
    assert world.get("/v1/goals").json()["results"] == []


def test_a_student_asks_for_help_and_takes_it_back(world, own):
    own("/students/ana/help", message="I am stuck")
    assert "I am stuck" in text_of(own())
    (asked,) = world.get("/v1/help?student=ana").json()["results"]
    own("/students/ana/help", withdraw=asked["id"])
    assert "I am stuck" not in text_of(own())


def test_a_student_sees_what_a_choice_means_and_never_a_tier(world, own, answer):
    world.send(*(answer(i) for i in range(2)))
    shown = text_of(own())
    assert "This is what we would pick." in shown
    assert not re.search(r"\b(tier|support|on level|advanced)\b", shown, re.I)


def test_a_student_touches_nobody_elses(world, own):
    world.call("PUT", "/v1/goals/bens", json={"student": "ben", "skill": "ratios"})
    assert own("/students/ben/goals", target="skill:ratios").status_code == 404
    assert own("/students/ana/goals", drop="bens").status_code == 404
    assert own(FORM, kind="pin").status_code == 403
    assert world.get("/v1/goals/bens").status_code == 200


def test_the_goals_of_a_class_are_shown_and_not_the_students_to_drop(world, own):
    world.call("PUT", "/v1/goals/all", json={"class": "7b", "skill": "ratios"})
    shown = own()
    assert "for the whole class" in shown.text
    assert own("/students/ana/goals", drop="all").status_code == 404
    assert world.get("/v1/goals/all").status_code == 200


def test_a_teachers_word_on_a_state_stands_beside_the_models(world, browse, answer):
    world.send(*(answer(i, correct=False) for i in range(4)))
    body = {"kind": "set_state", "student": "ana", "skill": "fractions", "state": "secure"}
    world.call("POST", "/v1/overrides", json={**body, "reason": "r"})
    shown = text_of(browse(f"{ANA}?skill=fractions"))
    assert "your word; the model says emerging" in shown
    assert "Your word counts instead: secure." in shown
    assert "Probably not mastered yet" in shown
