"""The wall between tenants in PostgreSQL: it holds though a statement names no tenant."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import ProgrammingError

from data.store import NewEvent, Principal, Role, Store
from data.store.postgres import show
from data.store.schema import metadata

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
WITH_TENANTS = {name for name, table in metadata.tables.items() if "tenant" in table.c}
WALLED = sorted(WITH_TENANTS)


CREDENTIALS = ("keys", "accounts", "sessions", "sign_ins", "identities", "resets")
PASSWORD = "correct horse battery"


def add_credentials(store, tenant):
    """One of each kind."""
    teacher = Principal(tenant, Role.TEACHER, user="okafor")
    store.create_key(tenant, "teacher", NOW, user="okafor")
    store.create_account(
        f"okafor-{tenant}", PASSWORD, tenant=tenant, role="teacher", user="okafor", now=NOW
    )
    store.create_sign_in(tenant, "teacher", NOW, user="okafor")
    store.open_session(teacher, NOW)
    store.create_reset(f"okafor-{tenant}", NOW)
    store.link_identity(f"https://id.{tenant}.example", "7", teacher, NOW)


@pytest.fixture
def store(postgres_url):
    with Store.open(postgres_url) as opened:
        for tenant in ("north", "south"):
            opened.put(tenant, "skills", "a", {}, now=NOW)
            opened.put(tenant, "classes", "7a", {"students": ["ana"]}, now=NOW)
            opened.append(tenant, [NewEvent("e1", "ana", ("a",), correct=1)], NOW)
            opened.save_recommendation(tenant, "r1", {"status": "ok"})
            add_credentials(opened, tenant)
        yield opened


def tenants(connection, table):
    return set(connection.scalars(select(metadata.tables[table].c.tenant)))


def test_all_is_behind_the_wall_but_counts_of_hashed_failures():
    assert set(metadata.tables) - WITH_TENANTS == {"failures"}


@pytest.mark.parametrize("table", WALLED)
def test_a_statement_without_a_tenant_sees_its_transaction_s_alone(store, table):
    with store._database.reading("north") as connection:
        assert tenants(connection, table) <= {"north"}
    with store._database.reading() as connection:
        assert tenants(connection, table) == set()
    with store._database.overseeing() as connection:
        assert tenants(connection, table) in ({"north", "south"}, set())


@pytest.mark.parametrize(
    "table", [*CREDENTIALS, "facts", "events", "decisions", "enrolments", "curricula", "audit"]
)
def test_there_is_something_behind_the_wall(store, table):
    with store._database.overseeing() as connection:
        assert tenants(connection, table) == {"north", "south"}


KEYS = metadata.tables["keys"]


def test_who_shows_a_credential_reads_that_one_alone(store):
    north, south = store.keys("north")[0], store.keys("south")[0]
    with store._database.reading(shown=south.id) as connection:
        assert list(connection.scalars(select(KEYS.c.id))) == [south.id]
        assert tenants(connection, "accounts") == set()
    with store._database.reading("north", shown=south.id) as connection:
        assert set(connection.scalars(select(KEYS.c.id))) == {north.id, south.id}


def test_who_shows_a_credential_changes_and_deletes_nothing(store):
    south = store.keys("south")[0]
    with store._database.writing() as connection:
        show(connection, south.id)
        assert connection.execute(update(KEYS).values(role="admin")).rowcount == 0
        assert connection.execute(delete(KEYS)).rowcount == 0
    assert store.keys("south") == [south]


def test_no_credential_can_be_put_into_another_tenant(store):
    row = {"name": "stolen", "tenant": "south", "role": "admin", "user": "x"}
    row |= {"password_hash": "", "created_at": 0, "disabled": False}
    with store._database.writing("north") as connection:
        show(connection, "stolen")
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(insert(metadata.tables["accounts"]).values(row))
        connection.rollback()


def test_nothing_can_be_written_into_another_tenant(store):
    curricula = metadata.tables["curricula"]
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        store._database.writing("north") as connection,
    ):
        connection.execute(insert(curricula).values(tenant="west", revision=1))


def test_a_reading_transaction_cannot_write(store):
    from engine.errors import Unavailable

    with (
        pytest.raises(Unavailable, match="read-only"),
        store._database.reading("north") as connection,
    ):
        connection.execute(metadata.tables["events"].delete())


def test_what_is_not_durable_is_seen_at_once_and_a_durable_change_follows_it(store):
    with store._database.writing("north", durable=False) as connection:
        setting = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
    with store._database.writing("north") as connection:
        assert (setting, connection.exec_driver_sql("SHOW synchronous_commit").scalar()) == (
            "off",
            "on",
        )
        assert connection.scalar(select(func.count()).select_from(metadata.tables["events"])) == 1


def test_a_server_that_ended_our_connections_is_found_again(store, postgres):
    import psycopg

    from engine.errors import Unavailable

    with psycopg.connect(postgres.overseer, autocommit=True) as overseer:
        overseer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trellis'"
        )
    with pytest.raises(Unavailable, match="cannot be used"):
        store.get("north", "skills", "a")
    assert store.get("north", "skills", "a")
