"""What the server counts of itself."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from data.store import Outcome
from serving.metrics import Answered, Metrics


def counted(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and labels, read as Prometheus reads it."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_template_and_status(world, answer):
    for student in ("ana", "ben"):
        world.send(answer(1, student=student, id=student))
        world.get(f"/v1/students/{student}/mastery")
    world.get("/v1/students/nobody/mastery")
    found = counted(world.get("/metrics", None).text)
    route = "/v1/students/{id}/mastery"
    assert found["trellis_requests_total", "GET", route, "200"] == 2
    assert found["trellis_requests_total", "GET", route, "404"] == 1
    assert found["trellis_requests_total", "POST", "/v1/events", "200"] == 2
    assert found["trellis_request_seconds_count", route] == 3


def test_events_are_counted_by_outcome_on_both_ways(world, answer):
    world.send(answer(1))
    world.send(answer(1), answer(2), answer(3, occurred_at="2031-01-01T00:00:00Z"))
    found = counted(world.get("/metrics", None).text)
    assert found["trellis_events_total", "accepted"] == 2
    assert found["trellis_events_total", "duplicate"] == 1
    assert found["trellis_events_total", "quarantined"] == 1


def test_nothing_that_callers_make_up_becomes_a_series(world):
    world.get("/v1/students/ana-lena/secret/path")
    world.call("BREW", "/v1/ana-lena")
    text = world.get("/metrics", None).text
    assert "ana-lena" not in text
    assert "BREW" not in text


def test_what_is_refused_at_the_door_is_counted_too(world):
    world.call("PUT", "/v1/skills/x", content=b"x" * (4 * 2**20 + 1))
    found = counted(world.get("/metrics", None).text)
    assert found["trellis_requests_total", "PUT", "unknown", "413"] == 1


def test_the_model_in_force_is_shown_and_a_refused_one_reported(world, promote):
    version = world.get("/v1/model").json()["version"]
    assert counted(world.get("/metrics", None).text)["trellis_model_info", "classic", version] == 1
    promote(b"not a bundle")
    found = counted(world.get("/metrics", None).text)
    assert found["trellis_model_info", "classic", version] == 1
    assert found[("trellis_model_refused",)] == 1


def test_two_applications_count_apart():
    one, other = Metrics(), Metrics()
    one.delivered([Outcome("e1", "accepted")])
    one.answered(Answered("GET", "/healthz", 200, 0.1))
    assert ("trellis_events_total", "accepted") not in counted(other.text().decode())


@pytest.mark.parametrize("live", [2], indirect=True)
def test_workers_count_together(live, answer):
    import httpx

    headers = {"Authorization": f"Bearer {live.key}"}
    for number in range(12):  # each over a connection of its own: whichever worker takes it
        httpx.post(f"{live.address}/v1/events", json={"events": [answer(number)]}, headers=headers)
    for _ in range(4):
        found = counted(httpx.get(f"{live.address}/metrics").text)
        assert found["trellis_events_total", "accepted"] == 12
