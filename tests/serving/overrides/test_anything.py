"""Whatever is sent about goals, overrides and help: an answer, which says what is wrong."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FIELDS = (
    "id",
    "kind",
    "student",
    "class",
    "activity",
    "skill",
    "state",
    "objective",
    "tier",
    "prerequisite",
    "reason",
    "by",
    "expires_at",
    "deadline",
    "weight",
    "message",
    "dry_run",
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("ana", "7b", "cy", "paint", "fractions", "ratios", "proportion", "nowhere", ""),
            *("pin", "exclude", "set_state", "move", "skip_prerequisite", "secure", "support"),
            *("2026-10-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
            *("a~~b", "x" * 201, "\ud800", "\x00", None, True, 0, -1, 1e308, [], {}),
        ]
    ),
    st.text(max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8)
JSON = {"Content-Type": "application/json"}
ADDRESSES = (
    ("POST", "/v1/overrides"),
    ("PUT", "/v1/goals/g"),
    ("POST", "/v1/students/ana/help"),
    ("POST", "/v1/students/ana/recommendations"),
)


@given(st.sampled_from(ADDRESSES), BODIES)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_is_answered(world, where, body):
    method, path = where
    # escaped, as only so half a character can be sent
    reply = world.call(method, path, content=json.dumps(body), headers=JSON)
    assert reply.status_code in (200, 201, 404, 409, 412, 422), reply.text
    if reply.status_code == 422:
        assert reply.json()["errors"]
    decided = world.call("POST", "/v1/students/ana/recommendations", json={})
    assert decided.status_code == 201, decided.text
    assert world.get("/v1/students/ana/mastery").status_code == 200
