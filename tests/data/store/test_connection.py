import os
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from data.store import Store
from data.store.connection import connect
from engine.errors import InvalidInput, Unavailable

ROOT = Path(__file__).parents[3]
NOBODY = 65534
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def test_a_commit_is_on_the_disk_and_readers_do_not_wait(sqlite_url):
    database = connect(sqlite_url)
    with database.reading() as connection:
        settings = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_a_reader_sees_one_state_while_a_writer_works(url):
    database = connect(url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    count = text("SELECT count(*) FROM t")
    with database.reading() as reader:
        assert reader.scalar(count) == 0
        with database.writing() as writer:
            writer.execute(text("INSERT INTO t VALUES (1)"))
        assert reader.scalar(count) == 0
    with database.reading() as reader:
        assert reader.scalar(count) == 1
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "school.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite:///x.db?mode=ro",
        "oracle://host/x",
        "postgresql+psycopg2://ana:hush@host/x",
        "postgresql://ana:hush@host",
        "sqlite+aiosqlite:///x.db",
        "http://:bad:port/",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_without_its_password(url):
    with pytest.raises(InvalidInput, match="database URL") as caught:
        Store.open(url)
    assert "hush" not in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Unavailable, match="nowhere"):
        Store.open(f"sqlite:///{tmp_path}/nowhere/school.db")


def test_a_folder_in_place_of_a_file_is_named(tmp_path):
    with pytest.raises(Unavailable, match="cannot be used"):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_file_of_something_else_is_named_and_left_alone(tmp_path):
    file = tmp_path / "school.db"
    file.write_text("student,skill,correct\n" * 100)
    with pytest.raises(Unavailable, match="not a database"):
        Store.open(f"sqlite:///{file}")
    assert file.read_text() == "student,skill,correct\n" * 100


def test_odd_characters_in_a_path_are_just_that(tmp_path):
    folder = tmp_path / "50 % größer"
    folder.mkdir()
    with Store.open(f"sqlite:///{folder}/schule #1.db") as store:
        assert store.last_sequence("t") == 0


def test_a_database_that_may_not_be_written_is_named():
    """Root may write anything, so the child becomes nobody first."""
    script = (
        "import os, sys; from data.store import Store; from engine.errors import Unavailable\n"
        f"if os.geteuid() == 0: os.setuid({NOBODY})\n"
        "try: Store.open(sys.argv[1])\n"
        "except Unavailable as error: print(error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "school.db"
        Store.open(f"sqlite:///{file}").close()
        with sqlite3.connect(file) as plain:  # read-only media cannot hold the log beside the file
            plain.execute("PRAGMA journal_mode = DELETE")
        plain.close()
        file.chmod(0o444)
        Path(folder).chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", script, f"sqlite:///{file}"],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        Path(folder).chmod(0o755)
    assert "readonly" in done.stdout, done.stderr


def test_what_is_read_at_once_shows_one_state(store):
    with store.at_once("t"):
        assert store.revision("t") == 0
        store.put("t", "skills", "ratio", {}, now=NOW)
        assert (store.revision("t"), store.get("t", "skills", "ratio")) == (0, None)
        assert store.revision("other") == 0
    assert store.revision("t") == 1
    with store.at_once("t"), store.at_once("t"):
        assert store.get("t", "skills", "ratio")


def test_another_thread_is_not_held_to_what_this_one_reads(store):
    with store.at_once("t"), ThreadPoolExecutor(1) as other:
        store.put("t", "skills", "ratio", {}, now=NOW)
        assert other.submit(store.revision, "t").result() == 1


def test_a_file_that_is_gone_is_an_outage_and_nothing_is_made_in_its_place(tmp_path):
    file = tmp_path / "school.db"
    with Store.open(f"sqlite:///{file}") as store:
        store.put("t", "skills", "ratio", {}, now=NOW)
        store.close()  # as after a write that was refused
        file.rename(tmp_path / "elsewhere.db")
        with pytest.raises(Unavailable, match="unable to open"):
            store.check()
        assert not file.exists()
        (tmp_path / "elsewhere.db").rename(file)
        store.check()
        assert store.get("t", "skills", "ratio")


def test_a_lock_that_somebody_holds_too_long_says_nothing_of_the_disk(sqlite_url, monkeypatch):
    monkeypatch.setattr("data.store.sqlite.BUSY_TIMEOUT_MS", 1)
    with Store.open(sqlite_url) as store, Store.open(sqlite_url) as other:
        with other._database.writing(), pytest.raises(Unavailable, match="locked"):
            store.put("t", "skills", "ratio", {}, now=NOW)
        assert not store._database._refused


def refuse(connection):
    """What a disk that cannot be written does to a write."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = 1")
    else:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    connection.exec_driver_sql("DELETE FROM failures")


def refused(store):
    with store._database.writing() as connection:
        refuse(connection)


def test_after_a_refused_write_a_look_writes_until_that_is_possible_again(store):
    with pytest.raises(Unavailable, match=r"read-?only"):
        refused(store)
    assert store._database._refused
    store.check()
    assert not store._database._refused
