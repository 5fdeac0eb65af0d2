"""A link for a new password works once, for a while, for one person."""

from datetime import UTC, datetime, timedelta

import pytest

from data.store import Principal, Role
from engine.errors import Conflict, InvalidInput, NotFound

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
OLD, NEW = "correct horse battery", "staple after staple"
RIVERA = Principal("t", Role.TEACHER, user="ms-rivera")


@pytest.fixture
def token(store):
    store.create_account("rivera", OLD, tenant="t", role="teacher", user="ms-rivera", now=NOW)
    return store.create_reset("rivera", NOW)


def test_a_link_is_traded_for_a_new_password_once(store, token):
    assert store.use_reset(token, NEW, NOW).name == "rivera"
    assert store.signed_in("rivera", NEW) == RIVERA
    assert store.signed_in("rivera", OLD) is None
    assert store.use_reset(token, "a third long one", NOW) is None


def test_who_was_signed_in_is_not_any_more(store, token):
    session, link = (
        store.open_session(RIVERA, NOW),
        store.create_sign_in("t", "teacher", NOW, user="ms-rivera"),
    )
    store.use_reset(token, NEW, NOW)
    assert store.session(session, NOW) is None
    assert store.create_session(link, NOW) is None


def test_looking_does_not_use_it_up(store, token):
    for _ in range(3):
        assert store.account_to_reset(token, NOW).name == "rivera"


def test_it_ends_by_itself(store, token):
    late = NOW + timedelta(hours=24)
    assert store.account_to_reset(token, late) is None
    assert store.use_reset(token, NEW, late) is None
    assert store.signed_in("rivera", OLD) == RIVERA


def test_a_newer_link_a_new_password_and_disabling_end_it(store, token):
    second = store.create_reset("rivera", NOW)
    assert store.account_to_reset(token, NOW) is None
    store.set_password("rivera", NEW, NOW)
    assert store.account_to_reset(second, NOW) is None
    third = store.create_reset("rivera", NOW)
    store.disable_account("rivera", NOW)
    assert store.use_reset(third, OLD, NOW) is None


def test_a_bad_password_leaves_the_link(store, token):
    for password in ("short", "rivera"):
        with pytest.raises(InvalidInput, match="password"):
            store.use_reset(token, password, NOW)
    assert store.use_reset(token, NEW, NOW) is not None


def test_no_link_is_on_the_disk(store, token, tmp_path):
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.encode() not in kept


def test_whom_there_is_no_link_for(store, token):
    with pytest.raises(NotFound, match="nobody"):
        store.create_reset("nobody", NOW)
    with pytest.raises(NotFound, match="rivera"):
        store.create_reset("rivera", NOW, by=Principal("u", Role.ADMIN, user="other"))
    store.disable_account("rivera", NOW)
    with pytest.raises(Conflict, match="disabled"):
        store.create_reset("rivera", NOW)


@pytest.mark.parametrize("hours", [0, -1, 24 * 8])
def test_its_life_is_within_reason(store, token, hours):
    with pytest.raises(InvalidInput, match="life"):
        store.create_reset("rivera", NOW, life=timedelta(hours=hours))


@pytest.mark.parametrize("guess", ["", "x", "\ud800", "a\0b"])
def test_a_guess_opens_nothing(store, token, guess):
    assert store.use_reset(guess, NEW, NOW) is None
