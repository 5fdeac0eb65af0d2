"""Every operation of the contract, called with what its document allows and with what it does not:
no 5xx, no traceback, nothing kept of what was refused."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

EXAMPLES = 4  # of each operation and kind of data
KNOWN = {
    "students": "ana",
    "classes": "7b",
    "skills": "fractions",
    "objectives": "proportion",
    "items": "f-1",
    "activities": "bars",
}
NOT_HERE = {"/metrics", "/healthz", "/readyz"}
LOCAL = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations(app):
    """Every operation, as `METHOD path`."""
    return sorted(
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if path not in NOT_HERE
    )


def test_every_operation_is_named_and_answers_with_documents_of_its_own(app):
    document = app.openapi()
    ids = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids)) == len(operations(app)) + len(NOT_HERE)
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["responses"]


@pytest.fixture(scope="session")
def contract(app):
    """The application's own document, as schemathesis reads it."""
    return schemathesis.openapi.from_dict(app.openapi())


def fingerprint(store):
    """What refused requests must leave as it is."""
    return store.last_sequence("north"), store.revision("north"), len(store.keys("north"))


def call_with(world, contract, operation, mode):
    """The statuses of replies to what is drawn for the operation; refused calls leave no trace."""
    method, path = operation.split(" ")
    drawn = contract[path][method]
    statuses = set()

    def check(case):
        before = fingerprint(world.store)
        sent = case.as_transport_kwargs(base_url="http://trellis.test")
        address = sent.pop("url").removeprefix("http://trellis.test")
        sent.pop("cookies", None)
        headers = {
            name: value
            for name, value in dict(sent.pop("headers", {}) or {}).items()
            if name.lower() not in ("authorization", "host")
        }
        body = {k: v for k, v in sent.items() if k in ("json", "data", "content") and v is not None}
        if "data" in body:
            body["content"] = body.pop("data")
        params = sent.get("params") or None
        reply = world.call(method.upper(), address, headers=headers, params=params, **body)
        statuses.add(reply.status_code)
        assert reply.status_code < 500, (operation, reply.text)
        assert "Traceback" not in reply.text
        if reply.status_code >= 400:
            assert reply.headers["content-type"] == "application/problem+json"
            assert fingerprint(world.store) == before

    def check_both(case):
        """As drawn, and about somebody who is there."""
        check(case)
        known = KNOWN.get(path.split("/")[2].partition("{")[0])
        if known and "{id}" in path:
            case.path_parameters = {"id": known}
            check(case)

    LOCAL(given(case=drawn.as_strategy(generation_mode=mode))(check_both))()
    return statuses


def pytest_generate_tests(metafunc):
    if "operation" in metafunc.fixturenames:
        from serving.app import API  # the routers, before any application is made

        found = sorted(
            f"{method} {route.path}"
            for router in API
            for route in router.routes
            for method in route.methods
            if route.path not in NOT_HERE
        )
        metafunc.parametrize("operation", found)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_operation_fails_whatever_it_is_sent(world, contract, operation, mode):
    try:
        statuses = call_with(world, contract, operation, mode)
    except Unsatisfiable:  # an operation that takes nothing cannot be called wrongly
        assert mode is GenerationMode.NEGATIVE
        return
    assert statuses
