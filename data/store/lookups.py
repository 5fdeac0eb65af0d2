"""Many ids in one statement: one value to bind, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, String, any_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from .connection import Database
from .plain import encoded


def among(connection: Connection, column: Column[Any], ids: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a column holds one of the ids.

    An array on PostgreSQL, a JSON list on SQLite: the statement stays the same text for any number
    of ids, so that it is prepared once, and no limit on the number of values is met.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), type_=ARRAY(String), unique=True))
    values = func.json_each(encoded(list(ids))).table_valued("value")
    return column.in_(select(values.c.value))


IDS = "ids"
"""The parameter of `among_bound`."""


def among_bound(dialect: str, column: Column[Any]) -> ColumnElement[bool]:
    """The same condition for a statement that is built once: its ids are bound as `listed`."""
    if dialect == "postgresql":
        return column == any_(bindparam(IDS, type_=ARRAY(String)))
    values = func.json_each(bindparam(IDS, type_=String)).table_valued("value")
    return column.in_(select(values.c.value))


def tenant_of(database: Database, column: Column[Any], credential: str) -> str | None:
    """The tenant of the credential that this is the hash, name or id of; None where there is
    none."""
    query = select(column.table.c.tenant).where(column == credential)
    with database.reading(shown=credential) as connection:
        found: str | None = connection.scalar(query)
    return found


def listed(connection: Connection, ids: Sequence[str]) -> Any:
    """The ids as the parameter of `among_bound`."""
    return list(ids) if connection.dialect.name == "postgresql" else encoded(list(ids))


def insert_of(connection: Connection) -> Any:
    """The `insert` of the connection's database, which knows `ON CONFLICT`."""
    return insert_in(connection.dialect.name)


def insert_in(dialect: str) -> Any:
    """The `insert` of a kind of database, as `insert_of`."""
    return (postgresql if dialect == "postgresql" else sqlite).insert
