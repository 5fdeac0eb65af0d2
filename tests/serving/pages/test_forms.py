"""A form that no page of ours has sent changes nothing."""

from __future__ import annotations

import re

import pytest

from serving.pages.forms import FORM_COOKIE, MARK, csrf_token

HTML = {"accept": "text/html"}


def token_of(reply):
    return re.search(r'name="csrf" value="([^"]+)"', reply.text)[1]


@pytest.fixture
def shown(bare):
    """The sign-in page, opened."""
    return bare.client.request("GET", "/sign-in", headers=HTML)


def sent(bare, token, **headers):
    fields = {"name": "x", "password": "y"} | ({} if token is None else {"csrf": token})
    return bare.client.request("POST", "/sign-in", data=fields, headers={**HTML, **headers})


def test_the_page_s_own_form_is_taken(bare, shown):
    assert sent(bare, token_of(shown)).status_code == 401  # read, and found wrong


@pytest.mark.parametrize("token", [None, "", "0" * 64, MARK, "\u00e9"])
def test_a_form_without_the_token_is_refused(bare, shown, token):
    reply = sent(bare, token)
    assert reply.status_code == 403
    assert "page of ours" in reply.json()["detail"]


def test_another_visitor_s_token_is_refused(bare, shown):
    assert sent(bare, csrf_token("somebody else")).status_code == 403


def test_a_form_from_another_site_is_refused_though_it_knew_the_token(bare, shown):
    token = token_of(shown)
    assert sent(bare, token, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert sent(bare, token, **{"sec-fetch-site": "same-site"}).status_code == 403
    assert sent(bare, token, **{"sec-fetch-site": "same-origin"}).status_code == 401


def test_a_visitor_without_a_cookie_is_refused(bare):
    assert sent(bare, csrf_token("")).status_code == 403


def test_the_form_s_cookie_is_kept_from_scripts(shown):
    cookie = shown.headers["set-cookie"].lower()
    assert cookie.startswith(FORM_COOKIE)
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_page_never_shows_the_mark_itself(shown):
    assert MARK not in shown.text
    assert int(shown.headers["content-length"]) == len(shown.content)


def test_the_token_is_not_the_secret(bare, shown):
    secret = bare.client._client.cookies[FORM_COOKIE]
    assert secret not in shown.text


def test_a_file_that_is_no_page_sets_no_cookie(bare):
    assert "set-cookie" not in bare.client.request("GET", "/assets/trellis.css").headers
    assert "set-cookie" not in bare.client.request("GET", "/healthz").headers
