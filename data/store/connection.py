"""The way to the database: an engine, and transactions that either happen whole or not at all.

SQLite settings and their reasons:

- `journal_mode=WAL`: readers never wait for the writer.
- `synchronous=FULL`: a commit has reached the disk before anyone is told of it.
- `BEGIN IMMEDIATE` for writes: a writer waits for its turn before it looks, so that two senders
  cannot both find an id free.
- `busy_timeout`: how long it waits for that turn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    IntegrityError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolExhausted

from engine.errors import InvalidInput, Unavailable

from .plain import encoded

BUSY_TIMEOUT_MS = 30_000  # a bulk import holds the writer's turn for seconds
POOL_SIZE, POOL_OVERFLOW = 8, 64  # more than the threads a web server answers with
EXPECTED_URL = "sqlite:///FILE, the path of a database file"
OUR_OWN_FAULT = (IntegrityError, ProgrammingError, DataError)
"""Database errors that say something of the statement, not of the database's health."""


class Database:
    """An open database. Each operation takes its own connection from the pool, in any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self.place = engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one unchanging state of the database."""
        with _translated(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are on the disk when the block ends, or undone if it fails."""
        with _translated(self.place), self._writer.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Every connection is returned; the database can be opened again."""
        self._engine.dispose()


class Connected:
    """A part of the store, on an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database


def connect(url: str) -> Database:
    """The database at an address. Raises `InvalidInput` for an address of another kind."""
    engine = create_engine(
        _checked(url),
        json_serializer=encoded,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text itself is not shown: what cannot be read may still hold a password.
        raise InvalidInput.at("database URL", "…", EXPECTED_URL) from None
    plain_file = parsed.database and not parsed.database.startswith((":memory:", "file:"))
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite") or parsed.query or not plain_file:
        shown = parsed.render_as_string(hide_password=True)
        raise InvalidInput.at("database URL", shown, EXPECTED_URL)
    return parsed


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions on its own: `_begin` says how each one starts.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """What the database reports about itself, as `Unavailable`: gone, locked, full, read-only."""
    try:
        yield
    except OUR_OWN_FAULT:
        raise
    except PoolExhausted:
        raise Unavailable(f"the database {place} is too busy") from None
    except DatabaseError as error:
        raise Unavailable(f"the database {place} cannot be used: {error.orig}") from error
