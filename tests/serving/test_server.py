"""The server as a process: it starts, answers, swaps models, and ends when told."""

from __future__ import annotations

import concurrent.futures
import signal

import httpx
import pytest


def client(live) -> httpx.Client:
    return httpx.Client(base_url=live.address, headers={"Authorization": f"Bearer {live.key}"})


def test_a_server_told_to_stop_ends_in_order(live):
    live.process.send_signal(signal.SIGTERM)
    assert live.process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_a_slash_in_an_id_survives_the_real_wire(live):
    with client(live) as calls:
        assert calls.put("/v1/skills/km%2Fh", json={}).json()["id"] == "km/h"
        assert calls.get("/v1/skills/km%2Fh").status_code == 200


@pytest.mark.parametrize("live", [2], indirect=True)
def test_several_workers_agree_and_keep_each_event_once(live, answer):
    def deliver(number: int) -> int:
        body = {"events": [answer(number % 10)]}
        return httpx.post(
            f"{live.address}/v1/events",
            json=body,
            headers={"Authorization": f"Bearer {live.key}"},
            timeout=60,
        ).status_code

    with client(live) as calls:
        calls.put("/v1/skills/fractions", json={})
    with concurrent.futures.ThreadPoolExecutor(8) as senders:
        assert set(senders.map(deliver, range(40))) == {200}
    with client(live) as calls:
        found = [calls.get("/v1/students/ana/mastery").json()["skills"] for _ in range(4)]
    assert {skill["n"] for skills in found for skill in skills} == {10}
