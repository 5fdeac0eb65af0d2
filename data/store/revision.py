"""Which form a database's tables have, told without Alembic: it takes a sixth of a start-up."""

from __future__ import annotations

from sqlalchemy import Connection, column, inspect, select, table

NEWEST = "0010"
"""The revision that this version of Trellis works with; a test holds it to the migrations."""
# Our own name for Alembic's table, so that a database shared with MLflow stays two histories.
VERSION_TABLE = "trellis_schema"


def revision(connection: Connection) -> str | None:
    """The revision the tables are at; None for a database without them."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(_VERSIONS))
    return found


_VERSIONS = table(VERSION_TABLE, column("version_num"))
