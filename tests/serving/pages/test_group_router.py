"""The pages about groups, lessons and the approach: forms that work without script."""

from __future__ import annotations

import pytest

from serving.auth import SESSION_COOKIE
from serving.pages.forms import csrf_token

GROUPS = "/classes/7b/groups"


@pytest.fixture
def page(world):
    """Opens a page, or sends a form of it, as the teacher who signed in."""
    token = world.store.create_sign_in("north", "teacher", world.now, user="ms-rivera")
    secret = world.store.create_session(token, world.now)
    headers = {"Cookie": f"{SESSION_COOKIE}={secret}"}

    def page(path, form=None):
        if form is None:
            return world.call("GET", path, None, headers=headers)
        data = {"csrf": csrf_token(secret), **form}
        return world.call("POST", path, None, headers=headers, data=data)

    return page


def formed(page, **form):
    reply = page(GROUPS, {"objective": "proportion", "kind": "need", **form})
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


@pytest.mark.parametrize("path", [GROUPS, "/classes/7b/plan"])
def test_the_empty_states_come_first(bare, world, page, path):
    world.call("PUT", "/v1/classes/empty", json={"teacher": "ms-rivera"})
    reply = page(path.replace("7b", "empty"))
    assert reply.status_code == 200
    assert 'class="empty"' in reply.text


@pytest.mark.parametrize("kind", ["need", "mixed", "pairs", "manual"])
def test_groups_of_every_kind_are_formed_by_a_form(page, kind):
    place = formed(page, kind=kind)
    reply = page(place)
    assert reply.status_code == 200
    assert "Ana" in reply.text
    assert place in page(GROUPS).text


def test_students_are_moved_locked_and_confirmed_by_one_form(world, page):
    place = formed(page, kind="mixed", size="1")
    document = world.store.get("north", "groupings", place.rsplit("/", 1)[1])
    home = {s["student"]: g["number"] for g in document["groups"] for s in g["students"]}
    form = {
        "version": "1",
        "to-ana": str(home["ben"]),
        "to-ben": str(home["ben"]),
        "seen-ben": "1",
        "lock-ben": "on",
        "do": "confirm",
    }
    assert page(place, form).status_code == 303
    after = world.store.get("north", "groupings", document["id"])
    assert {s["student"]: s["locked"] for s in after["groups"][home["ben"]]["students"]} == {
        "ana": False,
        "ben": True,
    }
    assert after["status"] == "confirmed"


def test_an_older_page_changes_nothing_and_says_so(page):
    place = formed(page, kind="mixed", size="1")
    assert page(place, {"version": "1", "do": "confirm"}).status_code == 303
    late = page(place, {"version": "1", "do": "end"})
    assert late.status_code == 412
    assert "Nothing was changed" in late.text


def test_a_faulty_form_says_what_is_wrong_and_forms_nothing(page):
    form = {"objective": "proportion", "kind": "mixed", "size": "many"}
    reply = page(GROUPS, form)
    assert reply.status_code == 422
    assert "size" in reply.text


def test_wishes_of_the_form_are_those_of_the_groups(world, page):
    place = formed(page, kind="mixed", size="2", **{"apart-1-a": "ana", "apart-1-b": "ben"})
    assert "could not sit apart" in page(place).text


def test_a_foreign_form_is_refused(world, page):
    assert page(GROUPS, {"csrf": "x", "objective": "proportion"}).status_code == 403


def test_another_teachers_class_is_not_there(world):
    token = world.store.create_sign_in("north", "teacher", world.now, user="mr-stone")
    secret = world.store.create_session(token, world.now)
    headers = {"Cookie": f"{SESSION_COOKIE}={secret}"}
    for path in (GROUPS, "/classes/7b/plan", "/classes/7b/approach"):
        assert world.call("GET", path, None, headers=headers).status_code == 404


def test_a_lesson_is_planned_on_the_page_as_over_the_api(page):
    reply = page("/classes/7b/plan?objective=proportion&minutes=45")
    assert reply.status_code == 200
    assert "0 to 4" in reply.text
    assert "40 to 45" in reply.text
    assert "Too short" in page("/classes/7b/plan?objective=proportion&minutes=0").text


def test_what_is_stated_on_the_page_is_the_policy(world, page):
    place = "/classes/7b/approach?objective=proportion"
    form = {"version": "0", "devices": "0", "independence": "0.9", "fixed_curriculum": "on"}
    assert page("/classes/7b/approach", form).status_code == 303
    kept = world.get("/v1/classes/7b/policy", "teacher").json()
    assert (kept["devices"], kept["fixed_curriculum"]) == (0.0, True)
    assert "at most 0.5 + 0.5 × 0.00" in page(place).text
    wrong = page("/classes/7b/approach", {"devices": "seven"})
    assert wrong.status_code == 422
    assert "Nothing was kept" in wrong.text


def test_students_see_no_name_of_a_tier():
    from pathlib import Path

    import serving.pages

    templates = Path(serving.pages.__file__).parent / "templates"
    for name in ("report.html", "family.html"):
        text = (templates / name).read_text("utf-8").lower()
        assert "support" not in text
        assert "tier" not in text
