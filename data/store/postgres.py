"""PostgreSQL, for many workers: how a connection is set up, and the wall between tenants.

- Reads are `REPEATABLE READ, READ ONLY`: one unchanging state of the database.
- Writes are `READ COMMITTED`: whoever loses a race for an id sees, right after, who won it.
- Row-level security: a transaction names its tenant (`trellis.tenant`) and sees that tenant's rows
  alone, whatever its statements say; one that names none sees none.
- A credential is found before its tenant is known: a transaction that shows one (`trellis.shown`:
  its hash, or the name or id by which it goes) may read that one row, and nothing else.
- `synchronous_commit = off` for what is not durable: it is in the log that the next full commit
  writes out, whole and in order.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, bindparam, create_engine, event, text

from .plain import encoded

DRIVER = "postgresql+psycopg"
ROWS_TO_SURVEY = 1000  # from which on it matters how a row is looked up
POOL_SIZE, POOL_OVERFLOW = 8, 64
CONNECT_SECONDS = 5  # a request is not kept waiting longer for a database that is not there
TENANT, OVERSEER, SHOWN = "trellis.tenant", "trellis.overseer", "trellis.shown"
"""Settings of a transaction: whose rows it sees; whether it sees everybody's; and which credential
it shows."""
MIGRATION_LOCK = 0x7472656C  # any number that nobody else locks: "trel"
ARRIVING = (
    f"SELECT set_config('{TENANT}', %s, true), "
    "pg_advisory_xact_lock_shared(hashtextextended(%s, 1))"
)
"""Opens a transaction in which a tenant's events come in; both values are the tenant."""

_NAME_TENANT = text(f"SELECT set_config('{TENANT}', :tenant, true)").bindparams(bindparam("tenant"))


_SHOW = text(f"SELECT set_config('{SHOWN}', :credential, true)").bindparams(bindparam("credential"))


def postgres_engine(url: URL) -> Engine:
    """An engine whose transactions read one state, or write."""
    engine = create_engine(
        url.set(drivername=DRIVER),
        json_serializer=encoded,
        hide_parameters=True,  # an error that is logged must not quote a child's id
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    event.listen(engine, "begin", _begin)
    return engine


def name_tenant(connection: Connection, tenant: str) -> None:
    """The transaction sees and writes this tenant's rows alone, from here on.

    It begins as nobody's, and sees none.
    """
    if tenant and connection.dialect.name == "postgresql":
        connection.execute(_NAME_TENANT, {"tenant": tenant})


def show(connection: Connection, credential: str) -> None:
    """The transaction may read the one credential that this is the hash, name or id of."""
    if connection.dialect.name == "postgresql":
        connection.execute(_SHOW, {"credential": credential})


def walks_through_walls(connection: Connection) -> bool:
    """Whether row-level security does not hold our own role: a superuser's, or one exempt."""
    if connection.dialect.name != "postgresql":
        return False
    exempt = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool(connection.exec_driver_sql(exempt).scalar_one())


def oversee(connection: Connection) -> None:
    """The transaction sees every tenant's rows: for checks and copies of the whole database."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT set_config('{OVERSEER}', 'on', true)")


def lock_tenant(connection: Connection, tenant: str) -> None:
    """No other transaction changes the tenant's curriculum or roster until this one has ended.

    SQLite has one writer at a time and needs no such lock.
    """
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:tenant, 0))")
        connection.execute(lock, {"tenant": tenant})


def lock_erasing(connection: Connection, tenant: str) -> None:
    """Nobody of the tenant is erased while events come in, which share the lock (`ARRIVING`), or
    while somebody else is, who has it alone: an event could slip in behind the one who looked."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:tenant, 1))")
        connection.execute(lock, {"tenant": tenant})


def survey(connection: Connection) -> None:
    """The planner knows of the log how many rows it has, and whose.

    Of a new table it knows nothing until PostgreSQL looks by itself, a minute later, and would read
    all rows of a tenant to find one by its id. Left out while somebody else is at it.
    """
    if connection.dialect.name == "postgresql":
        known = connection.exec_driver_sql(
            "SELECT reltuples FROM pg_class WHERE relname = 'events'"
        )
        if known.scalar_one() < ROWS_TO_SURVEY:
            connection.exec_driver_sql("ANALYZE (SKIP_LOCKED) events")


def lock_schema(connection: Connection) -> None:
    """No other process brings the tables up to date until this transaction has ended."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")


def _begin(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    if options.get("writes", False) and not options["durable"]:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
