"""The application as a whole: what it imports, and that no input whatever makes it fail."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TINY = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NEAR = ["ana", "7b", "ratios", "need", "auto", "2026-09-01T08:00:00Z", 0, 1, 0.5, [], {}, "\x00"]
NEARLY = st.sampled_from(NEAR) | ANYTHING | st.lists(st.sampled_from(["fractions", "x"]))
NAMES = st.text(min_size=1, max_size=30) | st.sampled_from(
    ["ana", "7b", ".", "..", "a/b", "\ud800"]
)


def operations(app: Any) -> list[tuple[str, str, list[str]]]:
    """Every operation of the API with the fields of its body."""
    document = app.openapi()
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            name = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            schema = document["components"]["schemas"].get(name.rpartition("/")[2], {})
            found.append((method.upper(), path, list(schema.get("properties", {}))))
    return found


def test_importing_the_server_pulls_in_neither_torch_nor_mlflow():
    check = (
        "import sys, serving.app, serving.server\n"
        "heavy = ('torch', 'mlflow', 'pyro', 'pandas', 'pyarrow', 'models', 'training')\n"
        "print([module for module in heavy if module in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=120
    )
    assert run.stdout.strip() == "[]"


def test_importing_the_server_makes_no_application():
    import serving.app

    assert not hasattr(serving.app, "app")


@TINY
@given(data=st.data())
def test_no_input_makes_any_operation_fail(world, data):
    for method, path, fields in operations(world.app):
        address = path.replace("{id}", quote(data.draw(NAMES), safe="", errors="surrogatepass"))
        query = data.draw(st.dictionaries(st.sampled_from(QUERIES), st.text(max_size=10)))
        body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, NEARLY)) | NEARLY)
        reply = world.call(
            method,
            address,
            params={name: value.encode("utf-8", "replace") for name, value in query.items()},
            content=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
        assert reply.status_code < 500, (method, address, body, reply.text)
        if reply.status_code >= 400:
            assert reply.json()["status"] == reply.status_code


QUERIES = ["as_of", "skill", "limit", "after", "format", "objective", "other"]


@TINY
@given(event=st.fixed_dictionaries({}, optional=dict.fromkeys(("id", "correct"), NEARLY)))
def test_a_strange_event_never_takes_a_good_one_with_it(world, answer, event):
    odd = answer(1) | event
    reply = world.call(
        "POST",
        "/v1/events",
        content=json.dumps({"events": [odd, answer(2)]}),
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code in (200, 207)
    assert reply.json()["results"][1]["status"] in ("accepted", "duplicate")


@pytest.mark.parametrize("raw", ["/v1/students/%FF/mastery", "/v1/skills/%", "/%2F%2F", "//", "/"])
def test_odd_addresses_are_answered(world, raw):
    assert world.get(raw).status_code < 500
