"""A link signs in, a button signs out, and nothing else does either."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from serving.auth import SESSION_COOKIE
from serving.context import Context

HTML = {"accept": "text/html"}
PASSWORD = "correct horse battery"


@pytest.fixture
def account(bare):
    """An account of the teacher of 7b."""
    said = {"tenant": "north", "role": "teacher", "user": "ms-rivera", "now": bare.now}
    return bare.store.create_account("rivera", PASSWORD, **said)


@pytest.fixture
def later(bare):
    """Sets the server's clock ahead."""

    def move(**units):
        context = bare.app.state.context
        now = bare.now + timedelta(**units)
        bare.app.state.context = Context(
            context.settings, context.store, context.champion, lambda: now
        )

    return move


def test_the_link_sets_a_cookie_that_scripts_cannot_read(bare, sign_in_link):
    reply = bare.client.request("GET", sign_in_link())
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert reply.headers["referrer-policy"] == "no-referrer"


def test_the_token_itself_is_not_the_session(bare, sign_in_link):
    link = sign_in_link()
    cookie = bare.client.request("GET", link).headers["set-cookie"]
    assert link.partition("=")[2] not in cookie


def test_a_wrong_or_missing_token_signs_nobody_in(bare):
    for path, status in (
        ("/sign-in", 200),
        ("/sign-in?token=", 200),
        ("/sign-in?token=guess", 401),
    ):
        reply = bare.client.request("GET", path, headers=HTML)
        assert reply.status_code == status
        assert SESSION_COOKIE not in bare.client._client.cookies


def test_signing_out_ends_the_session_and_not_only_the_cookie(bare, browse, submit):
    assert browse("/").status_code == 200
    cookies = dict(bare.client._client.cookies)
    assert submit("/sign-out", "/").status_code == 303
    stolen = "; ".join(f"{name}={value}" for name, value in cookies.items())
    reply = bare.client.request("GET", "/", headers={**HTML, "cookie": stolen})
    assert reply.status_code == 401


def test_a_link_does_not_sign_out(bare, browse):
    assert browse("/sign-out").status_code == 405
    assert browse("/").status_code == 200


def test_signing_out_twice_is_harmless(submit):
    assert submit("/sign-out").status_code == 303
    assert submit("/sign-out").status_code == 303


def test_a_session_reads_the_exports_and_changes_nothing(world, browse, answer):
    assert browse("/v1/classes/7b/mastery?format=csv").status_code == 200
    reply = world.client.request("POST", "/v1/events", json={"events": [answer(1)]})
    assert reply.status_code == 401


def test_a_name_and_password_sign_in(bare, account, submit):
    reply = submit("/sign-in", name="rivera", password=PASSWORD)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert bare.client.request("GET", "/", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"), [("rivera", "wrong"), ("nobody", PASSWORD), ("", ""), ("\x00", "\x00")]
)
def test_a_wrong_pair_says_no_more_than_that(account, submit, name, password):
    reply = submit("/sign-in", name=name, password=password)
    assert reply.status_code == 401
    assert "do not belong together" in reply.text
    assert 'type="password" required' in reply.text, "and never fills the password in again"


def test_a_page_of_somebody_else_s_making_is_escaped(submit):
    reply = submit("/sign-in", name='"><script>', password="x")
    assert "<script>" not in reply.text


def test_too_many_wrong_passwords_have_to_wait(account, submit, later):
    replies = [submit("/sign-in", name="rivera", password="wrong") for _ in range(6)]
    assert [reply.status_code for reply in replies] == [401] * 5 + [429]
    wait = int(replies[-1].headers["retry-after"])
    assert submit("/sign-in", name="rivera", password=PASSWORD).status_code == 429
    later(seconds=wait)
    assert submit("/sign-in", name="rivera", password=PASSWORD).status_code == 303


def test_signing_in_anew_ends_the_session_before(bare, account, browse, submit):
    before = bare.client._client.cookies[SESSION_COOKIE]
    assert submit("/sign-in", name="rivera", password=PASSWORD).status_code == 303
    assert bare.client._client.cookies[SESSION_COOKIE] != before
    assert bare.store.session(before, bare.now) is None


def test_a_session_of_a_password_lies_idle_for_two_hours_at_most(bare, account, submit, later):
    submit("/sign-in", name="rivera", password=PASSWORD)
    later(hours=1, minutes=59)
    assert bare.client.request("GET", "/", headers=HTML).status_code == 200
    later(hours=4)
    assert bare.client.request("GET", "/", headers=HTML).status_code == 401


def test_where_somebody_came_from_is_not_asked(bare, submit, account):
    for query in ("?next=https://evil.example", "?next=//evil.example", "?return_to=/x"):
        bare.client.request("GET", f"/sign-in{query}", headers=HTML)
        reply = submit(f"/sign-in{query}", name="rivera", password=PASSWORD)
        assert reply.headers["location"] == "/"


def test_every_form_of_every_page_carries_a_token(world, browse):
    for path in (
        "/",
        "/classes/7b",
        "/classes/7b/students/ana",
        "/sign-in",
        "/students/ana/report",
    ):
        text = browse(path).text
        forms = re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL)
        assert forms
        assert all(re.search(r'name="csrf" value="[0-9a-f]{64}"', form) for form in forms)
