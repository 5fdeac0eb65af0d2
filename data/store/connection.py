"""The way to the database: an engine, and transactions that either happen whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NamedTuple

from sqlalchemy import URL, Connection, Engine
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

from .postgres import DRIVER, name_tenant, oversee, postgres_engine, show, walks_through_walls
from .sqlite import (
    empty_log,
    is_busy,
    is_plain_file,
    make_no_file,
    sqlite_engine,
    write_nothing,
)

EXPECTED_URL = (
    "sqlite:///FILE, the path of a database file, or postgresql://USER:PASSWORD@HOST/DATABASE"
)
NO_TENANT = ""  # no id: under row-level security a transaction for it sees no tenant's rows
OUR_OWN_FAULT = (IntegrityError, ProgrammingError, DataError)
"""Database errors that say something of the statement, not of the database's health."""


class Held(NamedTuple):
    """A connection that a thread reads a tenant's state from, for some time."""

    tenant: str
    connection: Connection


class Database:
    """An open database. Each operation takes its own connection from the pool, in any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine
        self._writers = {
            durable: engine.execution_options(writes=True, durable=durable)
            for durable in (True, False)
        }
        # SQLite has one writer at a time, and who waits for it in another process asks again and
        # again. In this process, writers queue.
        self._turn: AbstractContextManager[object] = threading.Lock()
        if engine.dialect.name == "postgresql":
            self._turn = nullcontext()
            self._reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self.place = engine.url.render_as_string(hide_password=True)
        self._held = threading.local()
        self._refused = False

    @contextmanager
    def reading(self, tenant: str = NO_TENANT, *, shown: str | None = None) -> Iterator[Connection]:
        """A connection that sees one unchanging state of the tenant's part of the database, and the
        one credential that is shown (its hash, name or id), whichever tenant's it is."""
        held: Held | None = getattr(self._held, "now", None)
        if shown is None and held is not None and held.tenant == tenant:
            yield held.connection
            return
        with _translated(self.place), self._reader.connect() as connection, connection.begin():
            name_tenant(connection, tenant)
            if shown is not None:
                show(connection, shown)
            yield connection
        if self._refused:
            self._engine.dispose()  # as `_noted` says

    @contextmanager
    def at_once(self, tenant: str) -> Iterator[None]:
        """Whatever this thread reads of the tenant in the block, it reads of one state.

        And on one connection, so that a transaction is opened once. What the block writes it does
        not see.
        """
        with self.reading(tenant) as connection:
            before = getattr(self._held, "now", None)
            self._held.now = Held(tenant, connection)
            try:
                yield
            finally:
                self._held.now = before

    @contextmanager
    def writing(self, tenant: str = NO_TENANT, *, durable: bool = True) -> Iterator[Connection]:
        """A connection whose changes are on the disk when the block ends, or undone if it fails.

        Those of one that is not `durable` are seen by everybody at once, outlive the process, and
        are on the disk no later than whatever durable change follows them.
        """
        with (
            self._noted(),
            _translated(self.place),
            self._turn,
            self._writers[durable].connect() as connection,
            connection.begin(),
        ):
            name_tenant(connection, tenant)
            yield connection

    def check(self) -> None:
        """The database can be read, and written too as far as is known; else `Unavailable`.

        Only where the last write was refused is it asked to write something that changes nothing:
        to ask at every look would keep others waiting for their turn.
        """
        if self._refused:
            with self.writing() as connection:
                write_nothing(connection)
        else:
            with self.reading() as connection:
                connection.exec_driver_sql("SELECT 1")

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """It is known whether the last write was refused; what was open then is closed.

        A disk that went read-only and was mounted anew is another one: whoever still holds the
        files of before would never find it.
        """
        try:
            yield
        except Unavailable as error:
            if isinstance(error.__cause__, DatabaseError) and not is_busy(error.__cause__.orig):
                self._refused = True
                self._engine.dispose()
            raise
        self._refused = False

    @contextmanager
    def overseeing(self) -> Iterator[Connection]:
        """A reading connection that sees every tenant: for checks of the database as a whole."""
        with self.reading() as connection:
            oversee(connection)
            yield connection

    def empty_log(self) -> None:
        """What was overwritten is gone from the database's own log too, where it keeps one."""
        with _translated(self.place), self._turn:
            empty_log(self._engine)

    def exists(self) -> None:
        """It is known to be there: were it gone later on, nothing is to be made in its place."""
        make_no_file(self._engine)

    def close(self) -> None:
        """Every connection is returned; the database can be opened again."""
        self._engine.dispose()


class Connected:
    """A part of the store, on an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def at_once(self, tenant: str) -> AbstractContextManager[None]:
        """Whatever this thread reads of the tenant in the block shows one state of it."""
        return self._database.at_once(tenant)

    def walks_through_walls(self) -> bool:
        """Whether PostgreSQL's second wall between tenants does not hold for our own role."""
        with self._database.reading() as connection:
            return walks_through_walls(connection)

    def check(self) -> None:
        """Events can be kept, as far as is known. Raises `Unavailable` where they cannot."""
        self._database.check()


def connect(url: str) -> Database:
    """The database at an address. Raises `InvalidInput` for an address of another kind."""
    parsed = _checked(url)
    is_sqlite = parsed.drivername.startswith("sqlite")
    return Database(sqlite_engine(parsed) if is_sqlite else postgres_engine(parsed))


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text itself is not shown: what cannot be read may still hold a password.
        raise InvalidInput.at("database URL", "…", EXPECTED_URL) from None
    is_sqlite = parsed.drivername in ("sqlite", "sqlite+pysqlite") and is_plain_file(parsed)
    is_postgres = parsed.drivername in ("postgresql", DRIVER) and bool(parsed.database)
    if not is_sqlite and not is_postgres:
        shown = parsed.render_as_string(hide_password=True)
        raise InvalidInput.at("database URL", shown, EXPECTED_URL)
    return parsed


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
