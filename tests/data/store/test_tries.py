"""Wrong passwords are counted, and soon each has to wait."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
NOTHING = timedelta(0)


def tried_wrong(store, name="rivera", address="10.0.0.1", now=NOW):
    """How long the try had to wait; one that need not was of a wrong password."""
    wait = store.begin_try(name, address, now)
    if wait <= NOTHING:
        store.note_wrong_password(name, address, now)
    return wait.total_seconds()


def test_a_few_wrong_passwords_are_free_then_each_waits_longer(store):
    assert [tried_wrong(store) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    waits, now = [], NOW
    for _ in range(4):
        waits.append(tried_wrong(store, now=now))
        now += timedelta(seconds=waits[-1])
        assert tried_wrong(store, now=now) <= 0
    assert waits == [1, 2, 4, 8]


def test_a_wait_is_over_when_it_is_over(store):
    for _ in range(5):
        tried_wrong(store)
    assert store.begin_try("rivera", "", NOW) == timedelta(seconds=1)
    assert store.begin_try("rivera", "", NOW + timedelta(seconds=1)) <= NOTHING


def test_nobody_is_locked_out_for_longer_than_a_quarter_of_an_hour(store):
    now, longest = NOW, 0.0
    for _ in range(40):
        wait = max(tried_wrong(store, now=now), 0.0)
        longest, now = max(longest, wait), now + timedelta(seconds=wait)
    assert longest == 900.0


def test_who_tries_many_names_waits_too(store):
    for number in range(30):
        tried_wrong(store, name=f"name-{number}")
    assert store.begin_try("fresh", "10.0.0.1", NOW) > NOTHING
    assert store.begin_try("fresh", "10.0.0.2", NOW) <= NOTHING


def test_a_right_password_forgives_its_name_and_not_the_address(store):
    for number in range(31):
        tried_wrong(store, name=f"name-{number % 3}", address="10.0.0.1")
    for _ in range(30):
        store.note_wrong_password("x", "10.0.0.1", NOW)
    store.forget_tries("name-1")
    assert store.begin_try("name-1", "10.0.0.2", NOW) <= NOTHING
    assert store.begin_try("name-1", "10.0.0.1", NOW) > NOTHING


def test_of_many_tries_at_once_no_more_are_let_through_than_one_after_the_other(store):
    with ThreadPoolExecutor(16) as crowd:
        waits = list(crowd.map(lambda _: store.begin_try("rivera", "10.0.0.1", NOW), range(48)))
    assert sum(wait <= NOTHING for wait in waits) == 5


def test_yesterday_s_are_forgotten(store):
    for _ in range(9):
        tried_wrong(store)
    assert store.begin_try("rivera", "10.0.0.1", NOW + timedelta(days=1, hours=1)) <= NOTHING
