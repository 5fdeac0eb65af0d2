"""Bodies that are turned away at the door."""

from __future__ import annotations

import gzip

import pytest

JSON = {"Content-Type": "application/json"}


def test_a_body_over_the_limit_is_refused_unread(world):
    reply = world.call("PUT", "/v1/skills/x", content=b"x" * (4 * 2**20 + 1), headers=JSON)
    assert reply.status_code == 413
    assert "4194304" in reply.json()["detail"]


def test_a_body_of_undeclared_length_is_refused_once_it_is_too_long(world):
    async def endless():
        while True:
            yield b"x" * 2**16

    reply = world.call("PUT", "/v1/skills/x", content=endless(), headers=JSON)
    assert reply.status_code == 413


def test_a_body_in_pieces_is_read_whole(world):
    async def pieces():
        yield b'{"name": '
        yield b'"In pieces"}'

    reply = world.call("PUT", "/v1/skills/x", content=pieces(), headers=JSON)
    assert (reply.status_code, reply.json()["name"]) == (201, "In pieces")


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "text/csv", "application/xml", "x", "é", "application/x-www-form"]
)
def test_a_body_of_another_type_is_refused_by_name(world, kind):
    headers = {} if kind is None else {"Content-Type": kind.encode("latin-1")}
    reply = world.call("PUT", "/v1/skills/x", content=b"{}", headers=headers)
    assert reply.status_code == 415
    assert "application/json" in reply.json()["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json", "APPLICATION/JSON; charset=UTF-8", "application/vnd.x+json"]
)
def test_every_way_to_say_json_is_understood(world, kind):
    reply = world.call("PUT", "/v1/skills/x", content=b"{}", headers={"Content-Type": kind})
    assert reply.status_code == 201


def test_json_in_another_encoding_is_refused(world):
    headers = {"Content-Type": "application/json; charset=utf-16"}
    reply = world.call("PUT", "/v1/skills/x", content="{}".encode("utf-16"), headers=headers)
    assert reply.status_code == 415


def test_an_empty_body_is_missing_rather_than_of_the_wrong_type(world):
    assert world.call("PUT", "/v1/skills/x").status_code == 422


def test_what_is_said_about_students_is_not_kept_by_caches(world):
    reply = world.get("/v1/students/ana/mastery")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/v1/skills"])
def test_head_is_answered_wherever_get_is(world, path):
    head, get = world.call("HEAD", path), world.get(path)
    assert (head.status_code, head.text) == (200, "")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_compressed_body_is_refused_by_the_name_of_its_coding(world):
    headers = JSON | {"Content-Encoding": "gzip"}
    reply = world.call("PUT", "/v1/skills/x", content=gzip.compress(b"{}"), headers=headers)
    assert reply.status_code == 415
    assert "gzip" in reply.json()["detail"]
