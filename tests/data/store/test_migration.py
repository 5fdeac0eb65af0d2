import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from data.store import NewEvent, Store
from data.store.connection import Database, connect
from data.store.migration import FOLDER, downgrade, upgrade
from data.store.revision import NEWEST, VERSION_TABLE, revision
from data.store.schema import metadata
from engine.errors import Unavailable

PASSWORD = "correct horse battery"
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def database(bare_url: str) -> Iterator[Database]:
    opened = connect(bare_url)
    yield opened
    opened.close()


def fill(bare_url):
    with Store.open(bare_url) as store:
        store.put("t", "skills", "a", {}, now=NOW)
        store.append("t", [NewEvent("e1", "ana", ("a",), correct=1)], NOW)
        return store.responses("t", ["ana"])["ana"]


def test_the_migrated_tables_are_those_of_the_schema(database):
    with database.writing() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_last_migration():
    assert ScriptDirectory(str(FOLDER)).get_current_head() == NEWEST


def test_a_store_that_is_up_to_date_opens_without_alembic(bare_url):
    Store.open(bare_url).close()
    opened = f"import sys; from data.store import Store; Store.open({bare_url!r}).close()"
    check = f"{opened}; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_up_down_and_up_again_with_data_in_it(database, bare_url):
    before = fill(bare_url)
    with database.writing() as connection:
        downgrade(connection)
        assert inspect(connection).get_table_names() == [VERSION_TABLE]
    assert fill(bare_url) == before


def credentials(store):
    """What still opens: a key, a session, a password."""
    person = store.signed_in("okafor", PASSWORD)
    return (store.keys("t"), store.accounts("t"), person, store.audit("t"))


def test_credentials_outlive_a_step_back_and_forth(database, bare_url):
    with Store.open(bare_url) as store:
        key = store.create_key("t", "teacher", NOW, user="okafor")
        store.create_account("okafor", PASSWORD, tenant="t", role="teacher", now=NOW)
        *before, _ = credentials(store)
    with database.writing() as connection:
        downgrade(connection, "0007")
    with Store.open(bare_url) as store:
        *after, noted = credentials(store)
        assert (after, noted) == (before, [])
        assert store.principal(key, NOW).user == "okafor"


def test_an_upgrade_of_what_is_new_already_changes_nothing(database, bare_url):
    fill(bare_url)
    with database.writing() as connection:
        at = revision(connection)
        upgrade(connection)
        assert revision(connection) == at is not None
    with Store.open(bare_url) as store:
        assert store.last_sequence("t") == 1


def upgrade_and_fail(database):
    with database.writing() as connection:
        upgrade(connection)
        raise ZeroDivisionError


def test_an_upgrade_that_fails_leaves_nothing_behind(database):
    with pytest.raises(ZeroDivisionError):
        upgrade_and_fail(database)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_database_of_a_newer_trellis_is_left_alone(database, bare_url):
    fill(bare_url)
    with database.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(Unavailable, match="newer Trellis"):
        Store.open(bare_url)


def test_a_database_shared_with_another_alembic_project_stays_two_histories(database, bare_url):
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('someone-else')"))
    assert fill(bare_url)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "someone-else"
