"""What a browser may do with our answers, and what no other site can make it do."""

from __future__ import annotations

import pytest

from serving.app import create_app
from serving.settings import Settings

HTML = {"accept": "text/html"}
ANSWERS = ["/v1/skills", "/v1/none", "/docs", "/openapi.json", "/healthz", "/metrics", "/sign-in"]


@pytest.mark.parametrize("path", [*ANSWERS, "/", "/none", "/assets/trellis.css", "/docs/docs.css"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_every_answer_says_what_a_browser_may_do_with_it(world, path, accept):
    headers = world.get(path, headers={"accept": accept}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("path", ANSWERS)
def test_no_other_site_may_read_an_answer(world, path):
    origin = {"origin": "https://evil.example"}
    asked = {**origin, "access-control-request-method": "PUT"}
    for method, headers in (("GET", origin), ("OPTIONS", asked)):
        reply = world.call(method, path, headers=headers)
        assert not any(name.startswith("access-control-") for name in reply.headers)
    assert reply.status_code in (404, 405)


def test_a_session_s_cookie_sends_nothing_through_the_api(world, answer):
    """A form on a foreign site could: browsers add the cookie where the site is the same."""
    token = world.store.create_sign_in("north", "admin", world.now)
    cookie = {"cookie": f"trellis_session={world.store.create_session(token, world.now)}"}
    assert world.call("GET", "/v1/skills", None, headers=cookie).status_code == 200
    for method, path in (
        ("POST", "/v1/events"),
        ("POST", "/v1/students/ana:erase"),
        ("PUT", "/v1/skills/x"),
        ("DELETE", "/v1/students/cy"),
    ):
        assert world.call(method, path, None, json={}, headers=cookie).status_code == 401


def test_over_https_people_stay_there(tmp_path):
    settings = Settings(f"sqlite:///{tmp_path}/t.db", tmp_path / "model", secure_cookies=True)
    app = create_app(settings)
    safe = [one for one in app.user_middleware if one.cls.__name__ == "Safe"]
    assert [one.kwargs["https"] for one in safe] == [True]
    app.state.context.store.close()


@pytest.mark.parametrize(
    "id",
    [
        "%2e%2e", "..%2f..%2fetc%2fpasswd", "a%2fb", "%00", "%0d%0aSet-Cookie:%20x=y",
        "%ff", "%ed%a0%80", "'%20OR%20''='", "%22%3E%3Cscript%3E", "%F0%9F%98%80", "a%3Ab", "-1",
        "%25", "~~", "{id}", "*", "x;y=z",
    ],
)  # fmt: skip
def test_an_odd_id_is_an_id_or_refused_and_never_more(world, id):
    for path in ("/v1/students/{}/mastery", "/v1/skills/{}", "/students/{}/report", "/v1/goals/{}"):
        reply = world.get(path.replace("{}", id), headers=HTML)
        assert reply.status_code in (404, 405, 406, 422), path
        assert "set-cookie" not in reply.headers or "x=y" not in reply.headers["set-cookie"]
        assert "<script>" not in reply.text


def test_a_hostile_host_shows_up_escaped_or_not_at_all(world):
    reply = world.get("/docs", None, headers={"host": 'evil"><script>alert(1)</script>'})
    assert "<script>" not in reply.text
