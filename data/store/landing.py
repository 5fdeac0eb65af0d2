"""Events into the log of a PostgreSQL database, in one round trip: put there first, asked later.

A trip to the database and back costs more than a hundred rows do. So nothing is looked up before:
what is new goes in, what the database refuses is known by not coming back, and only that is then
compared with what is kept. The statements travel together, each sees what was committed before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .erasures import digest
from .events import Arrival
from .postgres import ARRIVING

FIELDS = Arrival._fields
_TYPES = {
    "correct": "float8",
    "dated": "boolean",
    "quarantined": "boolean",
    "hints": "integer",
    "attempt": "integer",
    **dict.fromkeys(("occurred_at", "clock_offset", "response_ms", "received_at"), "bigint"),
}
"""Types of the columns that are not text."""
_NAMES = ", ".join(FIELDS)
_ARRAYS = ", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in FIELDS)

_REVISION = "SELECT revision FROM curricula WHERE tenant = %s"
_GONE = "SELECT digest FROM erasures WHERE tenant = %s AND digest = ANY(%s::text[])"
# The array keeps its order on the way in: two who insert the same ids wait in line, not in a ring.
_INSERT = (
    f"INSERT INTO events ({_NAMES}) SELECT {_NAMES} "
    f"FROM unnest({_ARRAYS}, %s::text[]) AS arriving({_NAMES}, digest) "
    f"WHERE NOT arriving.digest = ANY(ARRAY({_GONE})) "
    "ON CONFLICT (tenant, id) DO NOTHING RETURNING id"
)


class Landed(NamedTuple):
    """Which ids are new in the log, which students were erased, and the curriculum's revision."""

    new: frozenset[str]
    gone: frozenset[str]
    revision: int


def land(connection: Connection, tenant: str, arrivals: Sequence[Arrival]) -> Landed:
    """Each event whose id is free, and whose student was not erased, is in the log.

    The first of those that share an id goes in; the transaction is the tenant's from here on.
    """
    firsts = {arrival.id: arrival for arrival in reversed(arrivals)}
    rows = sorted(firsts.values(), key=_by_id)
    students = {arrival.student for arrival in rows}
    digests = {digest(tenant, student): student for student in students}
    of_student = {student: found for found, student in digests.items()}
    columns = [*zip(*rows, strict=True), [of_student[row.student] for row in rows]]
    asked = (tenant, array_literal(list(digests)))
    _, revision, gone, new = _together(
        connection,
        (ARRIVING, (tenant, tenant)),  # alone: what follows sees whoever was erased meanwhile
        (_REVISION, (tenant,)),
        (_GONE, asked),
        (_INSERT, (*map(array_literal, columns), *asked)),
    )
    return Landed(
        frozenset(id for (id,) in new),
        frozenset(digests[found] for (found,) in gone),
        revision[0][0] if revision else 0,
    )


def array_literal(values: Sequence[str | float | None]) -> str:
    """The values as PostgreSQL reads an array: in a third of the driver's time.

    One without any value is empty, for `unnest` fills up what is short with nulls.

    >>> array_literal(["a", None, 'say "x"']), array_literal([1, 2]), array_literal([None, None])
    ('{"a",NULL,"say \\\\"x\\\\""}', '{"1","2"}', '{}')
    """
    if values.count(None) == len(values):
        return "{}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: str | float | None) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _together(connection: Connection, *statements: tuple[str, Any]) -> list[list[Any]]:
    """The rows that each statement returns: all are sent before the first is answered."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            cursors = [driver.execute(text, values) for text, values in statements]
        return [cursor.fetchall() for cursor in cursors]
    except connection.dialect.loaded_dbapi.Error as error:
        if driver.closed:
            connection.invalidate(error)
        said: Any = DBAPIError.instance(
            _INSERT, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True
        )
        raise said from error


def _by_id(row: Arrival) -> str:
    return row.id
