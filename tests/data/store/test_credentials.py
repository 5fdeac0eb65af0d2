from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.store import Principal, Role
from engine.errors import InvalidInput

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def after(**units):
    return NOW + timedelta(**units)


def test_a_key_stands_for_its_tenant_and_role(store):
    secret = store.create_key("t", "teacher", NOW, label="7a", user="okafor")
    assert secret.startswith("trellis_")
    key = store.keys("t")[0]
    assert store.principal(secret) == Principal("t", Role.TEACHER, key.id, "okafor")
    assert (key.label, key.created_at, key.revoked) == ("7a", NOW, False)


def test_no_two_secrets_are_alike(store):
    assert len({store.create_key("t", "data", NOW) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "secret", ["", "trellis_", "trellis_wrong", "\ud800", "a\0b", "x" * 10_000]
)
def test_a_secret_nobody_made_opens_nothing(store, secret):
    store.create_key("t", "admin", NOW)
    assert store.principal(secret) is None
    assert store.session(secret, NOW) is None
    assert store.create_session(secret, NOW) is None
    assert not store.end_session(secret)


def test_a_revoked_key_opens_nothing(store):
    secret = store.create_key("t", "admin", NOW)
    key = store.principal(secret).key_id
    assert store.revoke_key(key)
    assert not store.revoke_key(key)
    assert store.principal(secret) is None
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


def test_a_sign_in_link_opens_sessions_until_it_expires(store):
    link = store.create_sign_in("t", "teacher", NOW, minutes=60, user="okafor")
    first, second = store.create_session(link, NOW), store.create_session(link, after(minutes=59))
    assert first != second
    assert store.session(first, NOW) == Principal("t", Role.TEACHER, None, "okafor")
    assert store.create_session(link, after(minutes=60)) is None


def test_a_session_lasts_twelve_hours_or_until_it_is_ended(store):
    link = store.create_sign_in("t", "teacher", NOW)
    session, ended = store.create_session(link, NOW), store.create_session(link, NOW)
    assert store.session(session, after(hours=11, minutes=59)) is not None
    assert store.session(session, after(hours=12)) is None
    assert store.end_session(ended)
    assert store.session(ended, NOW) is None


def test_a_key_is_no_session_and_a_session_no_key(store):
    key = store.create_key("t", "admin", NOW)
    session = store.create_session(store.create_sign_in("t", "admin", NOW), NOW)
    assert store.session(key, NOW) is None
    assert store.principal(session) is None


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_link_s_life_is_within_reason(store, minutes):
    with pytest.raises(InvalidInput, match="minutes"):
        store.create_sign_in("t", "teacher", NOW, minutes=minutes)
