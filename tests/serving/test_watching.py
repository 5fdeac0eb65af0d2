"""Requests are logged by their route, and by nothing that names a child."""

from __future__ import annotations

import json
import logging

import pytest

from serving.logs import Lines


@pytest.fixture
def lines():
    """The lines logged so far, as a server writes them."""
    found = []

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(Lines().format(record))

    logger = logging.getLogger("trellis")
    kept, level = Kept(), logger.level
    logger.addHandler(kept)
    logger.setLevel(logging.INFO)
    yield found
    logger.removeHandler(kept)
    logger.setLevel(level)


def test_a_request_is_one_line_with_route_status_and_time(world, lines):
    reply = world.get("/v1/students/ana/mastery")
    (line,) = map(json.loads, lines)
    assert line["request"] == reply.headers["x-request-id"]
    assert (line["method"], line["route"]) == ("GET", "/v1/students/{id}/mastery")
    assert (line["status"], line["level"]) == (200, "info")
    assert line["ms"] > 0


def test_every_request_has_an_id_of_its_own(world):
    ids = {world.get("/healthz", None).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_no_name_and_no_id_of_a_person_is_logged(world, answer, lines):
    world.store.put("north", "students", "zoe@school.example", {"name": "Zoë Quill"}, now=world.now)
    world.send(answer(1, student="zoe@school.example"))
    world.send(answer(1, student="zoe@school.example", correct=False))
    for path in ("/mastery", "/recommendations", "/nothing"):
        world.get(f"/v1/students/zoe@school.example{path}")
        world.call("POST", f"/v1/students/zoe@school.example{path}", json={"goal": "Zoë"})
    assert len(lines) == 8
    assert not [line for line in lines if "zoe" in line.lower() or "quill" in line.lower()]


def test_an_error_is_logged_by_kind_and_place_without_its_words():
    try:
        raise KeyError("zoe@school.example")
    except KeyError as error:
        found = (type(error), error, error.__traceback__)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "failed", (), found)
    line = json.loads(Lines().format(record))
    assert line["error"] == "KeyError"
    assert "test_watching.py" in line["places"][0]
    assert "zoe" not in json.dumps(line)
