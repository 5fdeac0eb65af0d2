"""The short way for answers says and keeps exactly what the long way does."""

from __future__ import annotations

import pytest

from data.store import Store
from serving.events.express import Express

PLAIN = {"content-type": "application/json; charset=utf-8"}


@pytest.fixture
def took(monkeypatch):
    """Which deliveries went the short way, in order."""
    ways = []
    short = Express.__call__

    async def watched(self, scope, receive, send):
        async def long(*args):
            ways.append("long")
            await app(*args)

        app, self._app = self._app, long
        before = len(ways)
        await short(self, scope, receive, send)
        self._app = app
        if len(ways) == before:
            ways.append("short")

    monkeypatch.setattr(Express, "__call__", watched)
    return ways


def test_a_known_sender_of_good_answers_takes_the_short_way(world, answer, took):
    world.send(answer(1))
    world.send(answer(2))
    assert took == ["long", "short"]
    assert world.store.last_sequence("north") == 2


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"correct": False},
        {"skills": ["never heard of"]},
        {"occurred_at": "2031-01-01T00:00:00Z"},
        {"voids": "elsewhere"},
        {"id": "größer 🙂"},
    ],
)
def test_both_ways_answer_the_same_to_the_byte(world, answer, took, change):
    world.send(answer(1))  # other content under the id e1
    event = answer(1, student="ana") | change
    several = [event, answer(7), answer(7)]
    replies = []
    for body in ([event], several):
        world.store._callers.forget()
        long = world.send(*body)
        short = world.send(*body)
        again = world.send(*body)
        replies.append((long, short, again))
    assert took[1:] == ["long", "short", "short"] * 2
    for _, short, again in replies:
        assert (short.status_code, short.content) == (again.status_code, again.content)
    world.store._callers.forget()
    once_more = world.send(*several)
    assert once_more.content == replies[1][1].content
    assert headers(once_more) == headers(replies[1][1])


def headers(reply):
    """All but the request's own name."""
    return {name: value for name, value in reply.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"events": []}', b'{"events": [7]}', b"\xff", b'{"events": "x"}']
)
def test_what_is_not_plain_goes_the_long_way_and_is_refused_there(world, answer, took, body):
    world.send(answer(1))
    reply = world.call("POST", "/v1/events", content=body, headers=PLAIN)
    assert took[-1] == "long"
    assert reply.status_code in (400, 422)


def test_a_query_that_nobody_knows_is_refused_though_the_events_are_good(world, answer, took):
    world.send(answer(1))
    reply = world.call("POST", "/v1/events?dry=1", json={"events": [answer(2)]})
    assert (reply.status_code, took[-1]) == (422, "long")


def test_who_may_not_send_is_refused_on_either_way(world, answer):
    for _ in range(2):
        assert world.send(answer(1), role="teacher").status_code == 403
    assert world.call("POST", "/v1/events", None, json={"events": [answer(1)]}).status_code == 401
    assert world.store.last_sequence("north") == 0


def test_a_revoked_key_sends_nothing_more(world, answer):
    world.send(answer(1))
    (key,) = [key for key in world.store.keys("north") if key.role == "platform"]
    world.store.revoke_key(key.id, world.now)
    assert world.send(answer(2)).status_code == 401


def test_a_key_revoked_by_another_process_is_honoured_within_a_second(world, settings, answer):
    moment = [0.0]
    world.store._callers._clock = lambda: moment[0]
    world.send(answer(1))
    with Store.open(settings.database_url) as other:
        for key in other.keys("north"):
            other.revoke_key(key.id, world.now)
    moment[0] = 1.1
    assert world.send(answer(2)).status_code == 401
