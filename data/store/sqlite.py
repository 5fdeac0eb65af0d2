"""SQLite, the embedded database: how a connection is set up, and how its one writer shares.

- `journal_mode=WAL`: readers never wait for the writer.
- `synchronous=FULL`: a commit has reached the disk before anyone is told of it. `NORMAL`: it has
  reached the log that the next full commit writes out, whole and in order.
- `BEGIN IMMEDIATE` for writes: a writer waits for its turn before it looks, so that two senders
  cannot both find an id free.
- `busy_timeout`: how long it waits for that turn, where another process has it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

from .plain import encoded

BUSY_TIMEOUT_MS = 30_000  # a bulk import holds the writer's turn for seconds
POOL_SIZE, POOL_OVERFLOW = 8, 64  # more than the threads a web server answers with
PRIMARY = 0xFF  # the bits of an error's code that say what it is; others say more of it
CACHE_KILOBYTES = 512  # of each connection, of which a server has many: the system caches the file
SYNCHRONOUS = {True: "FULL", False: "NORMAL"}


def sqlite_engine(url: URL) -> Engine:
    """An engine whose connections are set up as above, and whose transactions we begin."""
    engine = create_engine(
        url,
        json_serializer=encoded,
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def is_plain_file(url: URL) -> bool:
    """Whether the address names a file, which alone outlives the process."""
    database = url.database or ""
    return bool(database) and not url.query and not database.startswith((":memory:", "file:"))


def make_no_file(engine: Engine) -> None:
    """A file that is gone is an outage from here on. In its place SQLite would begin an empty one:
    on the bare folder, say, that a disk was mounted on."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _name_existing)


def _name_existing(_dialect: Any, _record: Any, places: list[Any], options: dict[str, Any]) -> None:
    places[0] = f"file:{quote(places[0])}?mode=rw"
    options["uri"] = True


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions on its own: `_begin` says how each one starts.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    synchronous = SYNCHRONOUS[options["durable"]]
    if connection.info.get("synchronous") != synchronous:
        # Outside a transaction only: inside one SQLite ignores it.
        connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
        connection.info["synchronous"] = synchronous
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_busy(error: BaseException | None) -> bool:
    """Whether somebody else had the file's lock for too long, which says nothing of the disk."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return (code & PRIMARY) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def write_nothing(connection: Connection) -> None:
    """The disk is written to, and says what it is asked to keep; nothing is another than before."""
    if connection.dialect.name == "sqlite":
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version = {int(version)}")
    else:
        connection.exec_driver_sql("SELECT pg_current_xact_id()")  # whose commit is in the log


@contextmanager
def leave_no_trace(connection: Connection) -> Iterator[None]:
    """What the block deletes is overwritten in the file, not only unlinked.

    The write-ahead log still holds the pages as they were: `empty_log`. PostgreSQL overwrites when
    it vacuums.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def empty_log(engine: Engine) -> None:
    """The write-ahead log is written back and emptied, unless somebody is reading from it now: then
    SQLite writes it back, and over it, by itself later on."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
