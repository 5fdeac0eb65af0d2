"""Events go into a PostgreSQL log in one round trip, as arrays that hold what they held."""

from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import NewEvent, Store
from data.store.landing import array_literal
from data.store.postgres import ROWS_TO_SURVEY
from engine.errors import Unavailable

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@pytest.fixture
def store(postgres_url):
    with Store.open(postgres_url) as opened:
        opened.put("t", "skills", "a", {}, now=NOW)
        yield opened


@pytest.fixture(scope="module")
def reader(postgres):
    here = postgres.overseer.replace("/postgres?", "/school?")
    with psycopg.connect(here, autocommit=True) as connection:
        yield connection


def answer(id, student="ana", **changes):
    return NewEvent(id, student, **{"skills": ("a",), "correct": 1} | changes)


def statuses(store, *events):
    return [outcome.status for outcome in store.append("t", events, NOW)]


@given(st.lists(st.none() | TEXTS | st.sampled_from(["NULL", "", '"', "\\", "{,}"])))
def test_an_array_reads_back_as_it_was(reader, values):
    read = reader.execute("SELECT %s::text[]", [array_literal(values)]).fetchone()[0]
    assert read == ([] if values.count(None) == len(values) else values)


def test_an_empty_array_of_several_stands_for_nulls(reader):
    rows = reader.execute("SELECT * FROM unnest('{1,2}'::int[], '{}'::int[])").fetchall()
    assert rows == [(1, None), (2, None)]


def test_an_id_whose_first_event_is_an_erased_student_s_goes_to_the_next(store):
    store.append("t", [answer("e0", "bo")], NOW)
    store.erase_student("t", "bo", now=NOW)
    assert statuses(store, answer("e1", "bo"), answer("e1", "ana")) == ["rejected", "accepted"]
    assert [r.id for r in store.responses("t", ["ana"])["ana"]] == ["e1"]


def test_what_was_kept_before_is_told_from_what_is_new(store):
    assert statuses(store, answer("e1"), answer("e2")) == ["accepted", "accepted"]
    sent = answer("e2"), answer("e1", correct=0), answer("e3"), answer("e3"), answer("e3", "bo")
    assert statuses(store, *sent) == ["duplicate", "conflict", "accepted", "duplicate", "conflict"]
    assert store.count_events("t") == 3


def test_a_connection_that_ended_is_said_and_found_again(store, postgres):
    store.append("t", [answer("e1")], NOW)
    with psycopg.connect(postgres.overseer, autocommit=True) as overseer:
        overseer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trellis'"
        )
    with pytest.raises(Unavailable, match="cannot be used"):
        store.append("t", [answer("e2")], NOW)
    assert statuses(store, answer("e2")) == ["accepted"]


def test_the_planner_knows_of_a_log_once_it_is_no_longer_small(store, reader):
    def known():
        query = "SELECT count(*) FROM pg_stats WHERE tablename = 'events'"
        return reader.execute(query).fetchone()[0] > 0

    reader.execute("DELETE FROM pg_statistic WHERE starelid = 'events'::regclass")
    reader.execute("UPDATE pg_class SET reltuples = -1 WHERE relname = 'events'")
    store.append("t", [answer(f"e{n}") for n in range(ROWS_TO_SURVEY - 1)], NOW)
    assert not known()
    store.append("t", [answer("last")], NOW)
    assert known()
