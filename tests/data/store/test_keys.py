from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.store import Principal, Role
from engine.errors import InvalidInput, NotFound

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def after(**units):
    return NOW + timedelta(**units)


def test_a_key_stands_for_its_tenant_and_role(store):
    secret = store.create_key("t", "teacher", NOW, label="7a", user="okafor")
    assert secret.startswith("trellis_")
    key = store.keys("t")[0]
    assert store.principal(secret, NOW) == Principal("t", Role.TEACHER, key.id, "okafor")
    assert (key.label, key.created_at, key.revoked) == ("7a", NOW, False)


def test_no_two_secrets_are_alike(store):
    assert len({store.create_key("t", "data", NOW) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "secret", ["", "trellis_", "trellis_wrong", "\ud800", "a\0b", "x" * 10_000]
)
def test_a_secret_nobody_made_opens_nothing(store, secret):
    store.create_key("t", "admin", NOW)
    assert store.principal(secret, NOW) is None
    assert store.session(secret, NOW) is None
    assert store.create_session(secret, NOW) is None
    assert not store.end_session(secret)


def test_a_revoked_key_opens_nothing(store):
    secret = store.create_key("t", "admin", NOW)
    key = store.principal(secret, NOW).key_id
    assert store.revoke_key(key, NOW)
    assert not store.revoke_key(key, NOW)
    assert store.principal(secret, NOW) is None
    assert store.keys("t")[0].revoked


def test_tenants_see_their_own_keys(store):
    store.create_key("t", "admin", NOW)
    assert store.keys("other") == []


@pytest.mark.parametrize("role", ["root", "", "Teacher"])
def test_an_unknown_role_is_refused_with_the_known_ones(store, role):
    with pytest.raises(InvalidInput, match="platform, teacher, student, family, data, admin"):
        store.create_key("t", role, NOW)


def test_no_secret_is_on_the_disk(store, tmp_path: Path):
    link = store.create_sign_in("t", "teacher", NOW, minutes=60, user="okafor")
    secrets = [store.create_key("t", "admin", NOW), link, store.create_session(link, NOW)]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(secret.encode() in kept for secret in secrets)


def test_a_key_opens_until_it_expires(store):
    secret = store.create_key("t", "admin", NOW, life=timedelta(days=30))
    assert store.principal(secret, after(days=29)) is not None
    store._callers.forget()
    assert store.principal(secret, after(days=30)) is None
    assert store.keys("t")[0].expires_at == after(days=30)


def test_a_limited_key_says_to_what(store):
    secret = store.create_key("t", "platform", NOW, scopes=["send-events", "recommend"])
    assert store.principal(secret, NOW).scopes == {"send-events", "recommend"}
    assert store.keys("t")[0].scopes == ("recommend", "send-events")


def test_a_key_says_when_it_was_last_used(store):
    secret = store.create_key("t", "admin", NOW)
    assert store.keys("t")[0].last_used_at is None
    for minutes in (0, 1, 7):
        store.principal(secret, after(minutes=minutes))
        store._callers.forget()
    assert store.keys("t")[0].last_used_at == after(minutes=7)


def test_a_key_is_replaced_with_an_overlap(store):
    old = store.create_key("t", "teacher", NOW, label="7a", user="okafor", scopes=["group"])
    caller = store.principal(old, NOW)
    new = store.rotate_key(caller.key_id, NOW, overlap=timedelta(hours=24))
    same = store.principal(new, NOW)
    assert (same.tenant, same.role, same.user, same.scopes) == (
        caller.tenant,
        caller.role,
        caller.user,
        caller.scopes,
    )
    assert store.principal(old, after(hours=23)) == caller
    store._callers.forget()
    assert store.principal(old, after(hours=24)) is None
    assert store.principal(new, after(days=400)) is not None


def test_replacing_a_key_never_makes_either_live_longer(store):
    old = store.create_key("t", "admin", NOW, life=timedelta(hours=2))
    new = store.rotate_key(store.principal(old, NOW).key_id, NOW, overlap=timedelta(days=7))
    store._callers.forget()
    assert [store.principal(key, after(hours=2)) for key in (old, new)] == [None, None]


def test_what_opens_nothing_cannot_be_replaced(store):
    secret = store.create_key("t", "admin", NOW)
    key = store.principal(secret, NOW).key_id
    store.revoke_key(key, NOW)
    for id in (key, "key_none"):
        with pytest.raises(NotFound):
            store.rotate_key(id, NOW, overlap=timedelta(0))


@pytest.mark.parametrize("days", [0, -1, 1e6])
def test_a_life_is_within_reason(store, days):
    with pytest.raises(InvalidInput, match="life"):
        store.create_key("t", "admin", NOW, life=timedelta(days=days))
