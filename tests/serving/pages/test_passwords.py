"""A new password: by who knows the old one, or by a one-time link."""

from __future__ import annotations

import pytest

from serving.auth import SESSION_COOKIE

HTML = {"accept": "text/html"}
OLD, NEW = "correct horse battery", "staple after staple"


@pytest.fixture
def account(bare):
    """An account of the teacher of 7b."""
    said = {"tenant": "north", "role": "teacher", "user": "ms-rivera", "now": bare.now}
    return bare.store.create_account("rivera", OLD, **said)


@pytest.fixture
def changing(bare, account, submit):
    """Signs in, and sends the form for a new password."""
    submit("/sign-in", name="rivera", password=OLD)

    def change(old=OLD, new=NEW, again=NEW):
        return submit("/password", "/password", old=old, new=new, again=again)

    return change


def test_who_knows_the_old_password_has_a_new_one_and_every_other_session_ends(bare, changing):
    before = bare.client._client.cookies[SESSION_COOKIE]
    elsewhere = bare.store.open_session(bare.store.signed_in("rivera", OLD), bare.now)
    assert changing().headers["location"] == "/"
    assert bare.store.signed_in("rivera", NEW) is not None
    assert [bare.store.session(one, bare.now) for one in (before, elsewhere)] == [None, None]
    assert bare.client.request("GET", "/", headers=HTML).status_code == 200, "still here"


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"old": "wrong"}, 401, "is another"),
        ({"again": "something else"}, 422, "differ"),
        ({"new": "short", "again": "short"}, 422, "12 to 256 characters"),
        ({"new": "rivera", "again": "rivera"}, 422, "guess"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(bare, changing, typed, status, said):
    reply = changing(**typed)
    assert reply.status_code == status
    assert said in reply.text
    assert bare.store.signed_in("rivera", OLD) is not None


def test_an_open_browser_cannot_try_out_passwords(changing):
    tries = [changing(old="wrong").status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]


def test_who_came_by_a_link_has_no_password_to_change(bare, browse, submit):
    assert "none to change" in browse("/password").text
    assert submit("/password", "/", new=NEW, again=NEW).status_code == 409


def test_nobody_changes_a_password_without_signing_in(bare, submit):
    assert bare.client.request("GET", "/password", headers=HTML).status_code == 401
    assert submit("/password", new=NEW, again=NEW).status_code == 401


@pytest.fixture
def link(bare, account):
    return f"/reset?token={bare.store.create_reset('rivera', bare.now)}"


def test_a_link_shows_whose_password_it_changes_and_leaks_nowhere(bare, link):
    shown = bare.client.request("GET", link, headers=HTML)
    assert "For the name rivera" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["cache-control"] == "no-store"


def test_a_link_is_traded_once(bare, link, submit):
    token = link.partition("=")[2]
    done = submit("/reset", link, token=token, new=NEW, again=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert bare.store.signed_in("rivera", NEW) is not None
    assert submit("/reset", token=token, new=OLD, again=OLD).status_code == 401
    spent = bare.client.request("GET", link, headers=HTML)
    assert spent.status_code == 401
    assert "was used already" in spent.text


def test_a_mistake_does_not_use_it_up(bare, link, submit):
    token = link.partition("=")[2]
    for new, again in (("short", "short"), (NEW, OLD)):
        assert submit("/reset", link, token=token, new=new, again=again).status_code == 422
    assert submit("/reset", link, token=token, new=NEW, again=NEW).status_code == 303


@pytest.mark.parametrize("token", ["", "guess", "%00", "x" * 200])
def test_a_guess_opens_nothing(bare, account, token):
    assert bare.client.request("GET", f"/reset?token={token}", headers=HTML).status_code == 401


def test_who_had_to_wait_need_not_any_more(bare, link, submit):
    for _ in range(6):
        submit("/sign-in", name="rivera", password="wrong")
    submit("/reset", link, token=link.partition("=")[2], new=NEW, again=NEW)
    submit("/sign-out", "/")
    assert submit("/sign-in", name="rivera", password=NEW).status_code == 303
