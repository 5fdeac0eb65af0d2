"""Every error is a problem document that says what would have been right."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from serving import problems
from serving.problems import MAX_FAULTS, fault_of, of_validation


def assert_problem(reply, status):
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    document = reply.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/skills/", "/v1/grades", "/v2/skills"])
def test_an_address_with_nothing_there_is_not_found(world, path):
    assert_problem(world.get(path), 404)


def test_a_method_that_is_not_served_names_those_that_are(world):
    reply = world.call("PATCH", "/v1/skills/ratios", json={})
    assert_problem(reply, 405)
    assert reply.headers["allow"] == "GET, PUT, DELETE"


@pytest.mark.parametrize("body", ["{", '{"a": 1,}', "'single'", "\x00"])
def test_a_body_that_is_not_json_is_refused(world, body):
    headers = {"Content-Type": "application/json"}
    assert_problem(world.call("PUT", "/v1/skills/x", content=body, headers=headers), 400)


@pytest.mark.parametrize("body", ["[" * 100_000, "9" * 5000])
def test_a_body_too_deep_or_with_too_long_a_number_is_refused_by_its_place(world, body):
    headers = {"Content-Type": "application/json"}
    reply = world.call("PUT", "/v1/skills/x", content=body, headers=headers)
    assert_problem(reply, 400)
    assert reply.json()["errors"][0]["field"] == "body"


def test_what_would_have_been_right_is_said_in_the_words_of_json(world, expected_by_field):
    assert expected_by_field(world.call("POST", "/v1/events", json={"events": 7})) == {
        "events": "a JSON list"
    }
    assert expected_by_field(world.send()) == {"events": "at least 1 in the list"}
    assert expected_by_field(world.send(*[{}] * 1001)) == {
        "events": "at most 1000 in the list, not 1001"
    }
    assert expected_by_field(world.get(f"/v1/skills/{'x' * 201}")) == {
        "id": "at most 200 characters"
    }


def test_a_body_that_is_not_utf8_is_refused(world):
    headers = {"Content-Type": "application/json"}
    reply = world.call("PUT", "/v1/skills/x", content=b'{"name": "\xff"}', headers=headers)
    assert_problem(reply, 400)


def test_a_value_is_shown_shortened_and_without_what_cannot_be_printed(world):
    body = '{"name": ["\\ud800", "' + "x" * 5000 + '"]}'
    headers = {"Content-Type": "application/json"}
    reply = world.call("PUT", "/v1/skills/x", content=body, headers=headers)
    assert_problem(reply, 422)
    assert len(reply.content) < 1000


def test_very_many_faults_are_counted_and_the_first_are_listed(world):
    reply = world.send(*[{} for _ in range(200)])
    assert_problem(reply, 422)
    assert len(reply.json()["errors"]) == MAX_FAULTS


def test_what_nobody_foresaw_is_a_500_that_gives_nothing_away():
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    def fail() -> None:
        raise RuntimeError("a secret")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            return await client.get("/")

    reply = asyncio.run(ask())
    assert_problem(reply, 500)
    assert "secret" not in reply.text


def test_a_browser_is_shown_the_problem_as_a_page(world):
    reply = world.get("/nothing", None, headers={"Accept": "text/html"})
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/html")


def test_a_missing_field_and_an_unknown_one_are_told_apart():
    errors = [
        {"type": "missing", "loc": ("body", "id"), "msg": "Field required", "input": {}},
        {"type": "extra_forbidden", "loc": ("body", "idd"), "msg": "…", "input": "x"},
    ]
    problem = of_validation(errors)
    assert problem.status == 422
    assert [fault.place for fault in problem.faults] == ["id", "idd"]
    assert problem.faults[0].expected != problem.faults[1].expected


def test_a_place_inside_a_list_reads_as_code_does():
    error = {"type": "x", "loc": ("body", "events", 3, "skills", 0), "msg": "…", "input": 1}
    assert fault_of(error).place == "events[3].skills[0]"
