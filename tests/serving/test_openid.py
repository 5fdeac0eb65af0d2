"""Signing in through a real provider; a broken or hostile one signs nobody in."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import httpx
import pytest

from serving.auth import SESSION_COOKIE
from serving.context import Context
from serving.pages.provider import BEGUN_COOKIE
from serving.settings import Settings

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def issuer():
    """The address of a provider in a process of its own."""
    script = Path(__file__).with_name("identity_provider.py")
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


@pytest.fixture
def provider(issuer):
    """Sets whom the provider signs in, and what it does wrong."""

    def change(wrong="", **claims):
        said = {"wrong": wrong, "claims": {"sub": "1001", "groups": ["staff"], **claims}}
        with urlopen(Request(f"{issuer}/set", json.dumps(said).encode())) as reply:
            assert reply.status == 200

    change()
    return change


@pytest.fixture
def school(world, issuer, settings):
    """The tiny school, its people signed in by the provider, its clock that of the world."""
    return configured(world, issuer, settings)


def configured(world, issuer, settings, **changes):
    given = {
        "database_url": settings.database_url,
        "model_dir": settings.model_dir,
        "public_url": "http://localhost:8000",
        "oidc_issuer": issuer,
        "oidc_client_id": "trellis",
        "oidc_client_secret": "a secret: between/the two",
        "oidc_tenant": "north",
        "oidc_roles": "groups=it:admin,groups=staff:teacher",
        "oidc_user_claim": "preferred_username",
    } | changes
    before = world.app.state.context
    world.app.state.context = Context(
        Settings(**given), before.store, before.champion, lambda: datetime.now(UTC)
    )
    return world


def begun(school):
    """Where the provider sends the browser back to, as a path of ours."""
    away = school.client.request("GET", "/sign-in/provider", headers=HTML)
    assert away.status_code == 303, away.text
    back = httpx.get(away.headers["location"])
    parts = urlsplit(back.headers["location"])
    return f"{parts.path}?{parts.query}"


def signed_in(school):
    return school.client.request("GET", begun(school), headers=HTML)


def test_somebody_with_a_role_is_signed_in(school, provider):
    provider(preferred_username="ms-rivera")
    reply = signed_in(school)
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    assert "7b" in school.client.request("GET", "/", headers=HTML).text


def test_the_browser_is_sent_with_everything_the_standard_asks(school, provider):
    away = school.client.request("GET", "/sign-in/provider", headers=HTML)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert "openid" in asked["scope"]
    assert len({asked[name] for name in ("state", "nonce", "code_challenge")}) == 3
    cookie = away.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_no_two_sign_ins_are_alike(school, provider):
    first, second = (
        school.client.request("GET", "/sign-in/provider").headers["location"] for _ in range(2)
    )
    assert first != second


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("nonce", "nonce"),
        ("expired", "expired"),
        ("no end", "expired"),
        ("future", "future"),
        ("audience", "somebody-else"),
        ("audiences", "several"),
        ("issuer", "evil.example"),
        ("subject", "subject"),
        ("key", "signed"),
        ("secret as key", "signed"),
        ("unsigned", "signed"),
        ("rubbish", "signed"),
        ("refused", "signed nobody in"),
        ("mixed up", "another provider"),
    ],
)
def test_an_answer_that_is_not_right_signs_nobody_in_and_says_why(school, provider, wrong, named):
    provider(wrong, preferred_username="ms-rivera")
    reply = school.client.request("GET", begun(school))
    assert reply.status_code == 401
    assert named in reply.json()["detail"]
    assert SESSION_COOKIE not in school.client._client.cookies
    assert "<b>" not in signed_in(school).text


@pytest.mark.parametrize("wrong", ["broken", "discovery", "plain address"])
def test_a_provider_that_cannot_be_trusted_or_reached_is_an_outage(school, provider, wrong):
    provider()
    address = begun(school)
    provider(wrong)
    assert school.client.request("GET", address).status_code == 503


def test_a_provider_that_is_not_there_is_an_outage(world, settings):
    away = configured(world, "http://127.0.0.1:9", settings)
    assert away.client.request("GET", "/sign-in/provider").status_code == 503


def test_an_answer_belongs_to_the_browser_that_asked(school, provider):
    provider(preferred_username="ms-rivera")
    address = begun(school)
    school.client._client.cookies.clear()
    stolen = school.client.request("GET", address, headers={"cookie": f"{BEGUN_COOKIE}=another"})
    assert stolen.status_code == 401
    assert SESSION_COOKIE not in school.client._client.cookies


def test_an_answer_to_nothing_signs_nobody_in(school, provider):
    for query in ("", "?code=x&state=y", "?error=access_denied"):
        reply = school.client.request("GET", f"/sign-in/provider/callback{query}")
        assert reply.status_code == 401


def test_a_code_is_good_once(school, provider):
    provider(preferred_username="ms-rivera")
    address = begun(school)
    [secret] = [c.value for c in school.client._client.cookies.jar if c.name == BEGUN_COOKIE]
    assert school.client.request("GET", address).status_code == 303
    again = school.client.request("GET", address, headers={"cookie": f"{BEGUN_COOKIE}={secret}"})
    assert again.status_code == 401
    assert "invalid_grant" in again.json()["detail"]


def test_a_role_is_given_by_a_rule_alone(school, provider):
    provider(preferred_username="x", groups=["pupils"], role="admin")
    reply = school.client.request("GET", begun(school))
    assert reply.status_code == 403
    assert "no rule" in reply.json()["detail"]


def test_the_first_rule_that_fits_counts(school, provider):
    provider(preferred_username="boss", groups=["staff", "it"])
    assert signed_in(school).status_code == 303
    assert "No classes yet" not in school.client.request("GET", "/", headers=HTML).text


def test_somebody_is_known_by_issuer_and_subject_not_by_name(school, provider):
    provider(preferred_username="ms-rivera")
    signed_in(school)
    provider(preferred_username="mr-stone")  # the same subject, renamed over there
    signed_in(school)
    assert "7b" in school.client.request("GET", "/", headers=HTML).text


def test_who_says_no_name_is_told_so(school, provider):
    provider()
    reply = school.client.request("GET", begun(school))
    assert reply.status_code == 403
    assert "preferred_username" in reply.json()["detail"]


def test_a_wrong_secret_of_ours_is_said(world, issuer, settings, provider):
    school = configured(world, issuer, settings, oidc_client_secret="wrong")
    reply = school.client.request("GET", begun(school))
    assert reply.status_code == 401
    assert "invalid_client" in reply.json()["detail"]


def test_without_a_provider_there_is_no_way_there(world):
    assert world.client.request("GET", "/sign-in/provider").status_code == 404
    assert "Sign in with 1" not in world.client.request("GET", "/sign-in", headers=HTML).text


def test_the_sign_in_page_offers_the_provider(school):
    page = school.client.request("GET", "/sign-in", headers=HTML).text
    assert 'href="/sign-in/provider"' in page


@pytest.fixture(scope="module")
def stranger():
    """A provider that others wrote, in a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(400):
        try:
            httpx.get(f"{address}/jwks")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address
    process.terminate()
    process.wait(timeout=10)


def test_a_provider_that_others_wrote_signs_in_too(world, settings, stranger):
    claims = {"groups": ["staff"], "preferred_username": "ms-rivera"}
    assert httpx.put(f"{stranger}/users/1001", json=claims).is_success
    school = configured(world, stranger, settings)
    away = school.client.request("GET", "/sign-in/provider").headers["location"]
    back = urlsplit(httpx.post(away, data={"sub": "1001"}).headers["location"])
    reply = school.client.request("GET", f"{back.path}?{back.query}")
    assert (reply.status_code, reply.text) == (303, "")
    assert "7b" in school.client.request("GET", "/", headers=HTML).text
