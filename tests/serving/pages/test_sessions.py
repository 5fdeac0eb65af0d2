"""A link signs in, a button signs out, and nothing else does either."""

from __future__ import annotations

HTML = {"accept": "text/html"}


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
    for path in ("/sign-in", "/sign-in?token=", "/sign-in?token=guess"):
        reply = bare.client.request("GET", path, headers=HTML)
        assert reply.status_code == 401
        assert "set-cookie" not in reply.headers


def test_signing_out_ends_the_session_and_not_only_the_cookie(bare, browse):
    assert browse("/").status_code == 200
    cookies = dict(bare.client._client.cookies)
    assert bare.client.request("POST", "/sign-out").status_code == 303
    stolen = "; ".join(f"{name}={value}" for name, value in cookies.items())
    reply = bare.client.request("GET", "/", headers={**HTML, "cookie": stolen})
    assert reply.status_code == 401


def test_a_link_does_not_sign_out(bare, browse):
    assert browse("/sign-out").status_code == 405
    assert browse("/").status_code == 200


def test_signing_out_twice_is_harmless(bare):
    assert bare.client.request("POST", "/sign-out").status_code == 303


def test_a_session_reads_the_exports_and_changes_nothing(world, browse, answer):
    assert browse("/v1/classes/7b/mastery").status_code == 200
    reply = world.client.request("POST", "/v1/events", json={"events": [answer(1)]})
    assert reply.status_code == 401
