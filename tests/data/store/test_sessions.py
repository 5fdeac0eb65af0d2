from datetime import UTC, datetime, timedelta

import pytest

from data.store import Principal, Role
from engine.errors import InvalidInput

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def after(**units):
    return NOW + timedelta(**units)


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


RIVERA = Principal("t", Role.TEACHER, user="ms-rivera")


def test_a_session_of_a_password_ends_when_nobody_uses_it(store):
    session = store.open_session(RIVERA, NOW)
    assert store.session(session, after(hours=1, minutes=59)) == RIVERA
    assert store.session(session, after(hours=3, minutes=50)) == RIVERA, "it was used in between"
    assert store.session(session, after(hours=5, minutes=50)) is None


def test_a_session_of_a_password_ends_after_half_a_day_however_much_it_is_used(store):
    session = store.open_session(RIVERA, NOW)
    used = [store.session(session, after(hours=hour)) for hour in range(1, 13)]
    assert used == [RIVERA] * 11 + [None]


def test_a_person_s_sessions_and_links_end_together(store):
    link = store.create_sign_in("t", "teacher", NOW, user="ms-rivera")
    session, other = store.create_session(link, NOW), store.open_session(RIVERA, NOW)
    stays = store.open_session(Principal("u", Role.TEACHER, user="ms-rivera"), NOW)
    assert store.end_sessions_of(RIVERA) == 3
    assert [store.session(one, NOW) for one in (session, other)] == [None, None]
    assert store.create_session(link, NOW) is None
    assert store.session(stays, NOW) is not None


def test_a_key_is_no_session_and_a_session_no_key(store):
    key = store.create_key("t", "admin", NOW)
    session = store.create_session(store.create_sign_in("t", "admin", NOW), NOW)
    assert store.session(key, NOW) is None
    assert store.principal(session, NOW) is None


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_link_s_life_is_within_reason(store, minutes):
    with pytest.raises(InvalidInput, match="minutes"):
        store.create_sign_in("t", "teacher", NOW, minutes=minutes)
