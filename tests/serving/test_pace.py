"""Callers who ask too often are told when to come back, each for themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from serving.app import create_app
from serving.pace import Buckets


def test_what_may_come_at_once_comes_and_then_at_the_rate():
    moment = [0.0]
    buckets = Buckets(2.0, clock=lambda: moment[0])
    assert [buckets.wait("ana") for _ in range(5)] == [0.0, 0.0, 0.0, 0.0, 0.5]
    moment[0] = 0.5
    assert buckets.wait("ana") == 0.0
    assert buckets.wait("ana") > 0.0


def test_one_callers_haste_is_not_anothers_delay():
    buckets = Buckets(1.0, clock=lambda: 0.0)
    while buckets.wait("ana") == 0.0:
        pass
    assert buckets.wait("ben") == 0.0


@pytest.fixture
def hurried(settings):
    """Statuses and headers of so many calls, one after the other, to a server with a limit."""
    app = create_app(replace(settings, most_requests=2))
    transport = httpx.ASGITransport(app)

    async def calls(path, count):
        async with httpx.AsyncClient(transport=transport, base_url="http://t.test") as client:
            return [await client.get(path) for _ in range(count)]

    with app.state.context.store, asyncio.Runner() as runner:
        yield lambda path, count: runner.run(calls(path, count))


def test_too_many_requests_get_429_and_when_to_come_back(hurried):
    replies = hurried("/v1/skills", 6)
    assert [reply.status_code for reply in replies[:4]] == [401] * 4
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["retry-after"]) >= 1
    assert replies[-1].headers["content-type"] == "application/problem+json"


def test_health_is_asked_as_often_as_anybody_likes(hurried):
    assert {reply.status_code for reply in hurried("/healthz", 12)} == {200}


def test_no_other_site_is_let_in_by_default(world):
    reply = world.get("/v1/skills", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in reply.headers if name.startswith("access-control-")]
