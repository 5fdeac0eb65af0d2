"""A POST with an `Idempotency-Key` is done once, however often it is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from serving.repeats import _digest

ASK = "/v1/students/ana/recommendations"


def ask(world, key, *, path=ASK, role="platform", **body):
    return world.call("POST", path, role, json=body, headers={"Idempotency-Key": key})


def test_the_second_answer_is_the_first_one_again(world):
    first, again = ask(world, "k1", n=2), ask(world, "k1", n=2)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers


class Watched:
    """The application, and what was known of a reply whenever a part of it went out."""

    def __init__(self, world, digest, request):
        self.app, self.seen = world.app, []
        self._known = lambda: world.store.take_up("north", digest, request, world.now)

    async def __call__(self, scope, receive, send):
        async def noted(message):
            self.seen.append(self._known())
            await send(message)

        await self.app(scope, receive, noted)


def test_an_answer_is_kept_before_anybody_has_it(world):
    request = _digest("", b"{}".hex())
    watched = Watched(world, _digest(world.keys["platform"], "k1", ASK), request)
    world.client = type(world.client)(watched, world.client._runner)
    assert ask(world, "k1").status_code == 201
    assert watched.seen
    assert all(known is not None and known.status == 201 for known in watched.seen)


def test_a_secret_is_not_kept_to_be_told_again(world):
    said = {"tenant": "north", "role": "teacher", "user": "ms-rivera", "now": world.now}
    world.store.create_account("rivera", "correct horse battery", **said)
    links = {
        ask(world, "k1", path="/v1/accounts/rivera:reset", role="admin").json()["link"]
        for _ in range(2)
    }
    assert len(links) == 2


def test_another_key_or_none_is_another_request(world):
    ids = {ask(world, key).json()["id"] for key in ("k1", "k2")}
    ids |= {world.call("POST", ASK, json={}).json()["id"] for _ in range(2)}
    assert len(ids) == 4


def test_the_same_key_with_another_request_is_a_conflict(world):
    ask(world, "k1", n=2)
    reply = ask(world, "k1", n=3)
    assert reply.status_code == 409
    assert "Idempotency-Key" in reply.json()["detail"]


def test_keys_of_different_callers_and_addresses_do_not_meet(world):
    first = ask(world, "k1").json()["id"]
    assert ask(world, "k1", role="admin").json()["id"] != first
    assert ask(world, "k1", path="/v1/students/ben/recommendations").json()["student"] == "ben"


def test_what_was_refused_may_be_tried_again_with_the_same_key(world):
    assert ask(world, "k1", n=-1).status_code == 422
    assert ask(world, "k1", n=2).status_code == 201


def test_a_revoked_key_hears_nothing_of_what_it_was_told(world):
    ask(world, "k1")
    for key in world.store.keys("north"):
        world.store.revoke_key(key.id, world.now)
    assert ask(world, "k1").status_code == 401


def test_after_a_day_the_reply_is_gone(world):
    store = world.store
    assert store.take_up("north", "d" * 64, "r", world.now) is None
    store.keep_reply("north", "d" * 64, store.take_up("north", "d" * 64, "r", world.now))
    later = world.now + timedelta(days=1, seconds=1)
    assert store.take_up("north", "d" * 64, "r", later) is None


def test_of_those_who_ask_at_once_one_is_answered_and_the_others_wait(world):
    secret = world.keys["platform"]
    held = _digest(secret, "k1", ASK)
    request = _digest("", b'{"n":2}'.hex())
    assert world.store.take_up("north", held, request, world.now) is None
    reply = world.call(
        "POST",
        ASK,
        content=b'{"n":2}',
        headers={"Idempotency-Key": "k1", "Content-Type": "application/json"},
    )
    assert (reply.status_code, reply.headers["retry-after"]) == (409, "1")


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_no_length_or_too_much_is_refused(world, key):
    assert ask(world, key).status_code == 422


def test_events_have_ids_of_their_own_and_need_no_key(world, answer):
    headers = {"Idempotency-Key": "k1"}
    for number in (1, 2):
        body = {"events": [answer(number)]}
        reply = world.call("POST", "/v1/events", json=body, headers=headers)
        assert reply.json()["results"][0]["status"] == "accepted"
