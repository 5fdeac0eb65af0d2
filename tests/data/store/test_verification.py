"""Verification finds what was changed behind the store's back, and nothing else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from data.store import NewEvent, Store
from data.store.connection import connect
from data.store.verification import replayed, students_of, verify_store
from engine.errors import Unavailable

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def filled(store):
    store.put_many("t", "skills", [{"id": "ratio"}, {"id": "unit"}], now=NOW)
    store.put("t", "items", "q1", {"skills": ["ratio", "unit"]}, now=NOW)
    store.put("t", "classes", "7b", {"students": ["ana", "ben"]}, now=NOW)
    store.append("t", [NewEvent(f"e{n}", "ana", ("ratio",), correct=n % 2) for n in range(4)], NOW)
    store.append("t", [NewEvent("e4", "ana", item="q1", correct=0.5)], NOW)
    store.append("t", [NewEvent("e5", "ana", item="unheard", correct=1)], NOW)
    store.append("t", [NewEvent("v1", "ana", voids="e1")], NOW)
    store.append("t", [NewEvent("e6", "ben", ("ratio",), correct=1, voids="late")], NOW)
    store.save_recommendation("t", "r1", {"why": "because"})
    return store


def wrong(url):
    return {check.name: check.faults for check in verify_store(url) if check.wrong}


def tamper(url, statement):
    database = connect(url)
    with database.writing("t") as connection:
        connection.execute(text(statement))
    database.close()


def test_a_store_that_nobody_touched_is_whole(filled, url):
    assert wrong(url) == {}
    assert {check.name: check.looked_at for check in verify_store(url)}["events of the log"] == 8


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE events SET correct = 7 WHERE id = 'e1'", "events of the log"),
        ("UPDATE events SET skills = '[\"b\",\"a\"]' WHERE id = 'e1'", "events of the log"),
        ("UPDATE events SET skills = 'ratio' WHERE id = 'e1'", "events of the log"),
        ("UPDATE events SET correct = NULL WHERE id = 'e1'", "events of the log"),
        ("UPDATE events SET student = 'ben' WHERE id = 'v1'", "retractions"),
        ("DELETE FROM enrolments WHERE student = 'ana'", "enrolments"),
        ("INSERT INTO enrolments VALUES ('t', '7b', 'cy')", "enrolments"),
        ("DELETE FROM facts WHERE id = 'ratio'", "curricula"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(filled, url, statement, check):
    tamper(url, statement)
    assert set(wrong(url)) == {check}


def test_a_missing_event_is_found_where_numbers_have_no_gaps(sqlite_url):
    with Store.open(sqlite_url) as store:
        store.append("t", [NewEvent(f"e{n}", "a", ("s",), correct=1) for n in range(5)], NOW)
    tamper(sqlite_url, "DELETE FROM events WHERE id IN ('e2', 'e3')")
    assert wrong(sqlite_url) == {"numbers of the log": ("numbers 3 to 4 are missing",)}


def test_the_slow_reading_agrees_with_the_one_that_answers(filled, url):
    for student in ("ana", "ben"):
        assert replayed(url, "t", student) == filled.responses("t", [student])[student]
    assert {r.id for r in replayed(url, "t", "ana")} == {"e0", "e2", "e3", "e4"}


def test_students_are_spread_over_all_and_never_more_than_asked(filled, url):
    filled.append("t", [NewEvent(f"s{n}", f"s{n}", ("x",), correct=1) for n in range(20)], NOW)
    assert len(students_of(url, 100)) == 22
    few = students_of(url, 5)
    assert 3 <= len(few) <= 5
    assert few == students_of(url, 5)


def test_a_database_of_an_older_schema_is_not_judged(bare_url):
    with pytest.raises(Unavailable):
        verify_store(bare_url)
