"""A PostgreSQL database as a file: a zip of its tables as `COPY` writes them, of one moment."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqlalchemy import Connection, Table, func, inspect, select, text

from engine.errors import Conflict, InvalidInput, Unavailable

from .connection import Database, connect
from .migration import upgrade
from .revision import NEWEST, revision
from .schema import metadata

MANIFEST = "manifest.json"
FORMAT = "trellis-copy-1"
CHUNK = 1 << 20
EXPECTED = "a whole backup that this version of Trellis wrote"


class _Sum(NamedTuple):
    """What a table's copy has to be: so many rows, with this SHA-256."""

    rows: int
    sha256: str


def copy_out(database: Database, path: Path) -> dict[str, int]:
    """Every table is in the file, all as they were at one moment; the rows of each by its name."""
    sums: dict[str, _Sum] = {}
    with database.overseeing() as connection, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        if revision(connection) != NEWEST:
            raise Unavailable(f"{database.place} is not at this version's schema: open it first")
        for table in metadata.sorted_tables:
            with z.open(f"{table.name}.copy", "w", force_zip64=True) as out:
                digest = _written(connection, table, out)
            rows = connection.scalar(select(func.count()).select_from(table)) or 0
            sums[table.name] = _Sum(rows, digest)
        manifest = {"format": FORMAT, "revision": NEWEST, "tables": sums}
        z.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return {name: found.rows for name, found in sums.items()}


def copy_in(path: Path, url: str) -> dict[str, int]:
    """The tables of the file are in the database, which held none; all of them or none.

    Raises `InvalidInput` for a file that is damaged, `Conflict` for a database that holds rows.
    """
    with (
        closing(connect(url)) as database,
        zipfile.ZipFile(path) as file,
        database.writing() as connection,
    ):
        sums = _manifest(file)
        upgrade(connection)  # brings in its own tables; sees every tenant from here on
        _refuse_rows(connection)
        for table in metadata.sorted_tables:
            _read_back(connection, table, file, sums[table.name])
    return {name: found.rows for name, found in sums.items()}


def is_copy(path: Path) -> bool:
    """Whether the file is one that `copy_out` wrote."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as file:
        return MANIFEST in file.namelist()


def _written(connection: Connection, table: Table, out: IO[bytes]) -> str:
    """The table's rows, and their SHA-256."""
    digest = hashlib.sha256()
    statement = f"COPY (SELECT {_columns(table)} FROM {table.name}) TO STDOUT"
    with _cursor(connection) as cursor, cursor.copy(statement) as rows:
        for part in rows:
            digest.update(part)
            out.write(part)
    return digest.hexdigest()


def _read_back(connection: Connection, table: Table, file: zipfile.ZipFile, wanted: _Sum) -> None:
    """The table holds the rows of its copy. Raises `InvalidInput` where that is damaged."""
    digest = hashlib.sha256()
    walled = _is_walled(connection, table)
    if walled:  # COPY does not go through row-level security, which binds the owner too
        connection.execute(text(f"ALTER TABLE {table.name} NO FORCE ROW LEVEL SECURITY"))
    statement = f"COPY {table.name} ({_columns(table)}) FROM STDIN"
    with _cursor(connection) as cursor, cursor.copy(statement) as rows:
        for part in _parts(file, table):
            digest.update(part)
            rows.write(part)
    if walled:
        connection.execute(text(f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY"))
    found = connection.scalar(select(func.count()).select_from(table))
    if (found, digest.hexdigest()) != wanted:
        raise InvalidInput.at(f"backup, table {table.name}", f"{found} rows", EXPECTED)
    _count_on(connection, table)


def _count_on(connection: Connection, table: Table) -> None:
    """The numbers that the database gives out continue behind those that are taken."""
    if "sequence" not in table.c:
        return
    last = connection.scalar(select(func.max(table.c.sequence)))
    name = func.pg_get_serial_sequence(table.name, "sequence")
    if last is not None:
        connection.execute(select(func.setval(name, last)))


def _is_walled(connection: Connection, table: Table) -> bool:
    query = text("SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:name)")
    return bool(connection.scalar(query, {"name": table.name}))


def _refuse_rows(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there and connection.scalar(select(func.count()).select_from(table)):
            raise Conflict(f"the database holds rows already (in {table.name}): restore into a new")


def _parts(file: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    try:
        with file.open(f"{table.name}.copy") as rows:
            while part := rows.read(CHUNK):
                yield part
    except (zipfile.BadZipFile, KeyError) as error:
        raise InvalidInput.at(f"backup, table {table.name}", str(error), EXPECTED) from error


def _manifest(file: zipfile.ZipFile) -> dict[str, _Sum]:
    said = json.loads(file.read(MANIFEST))
    if said.get("format") != FORMAT or said.get("revision") != NEWEST:
        shown = f"{said.get('format')}, schema {said.get('revision')}"
        raise InvalidInput.at("backup", shown, f"{FORMAT}, schema {NEWEST}")
    return {name: _Sum(*found) for name, found in said["tables"].items()}


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _cursor(connection: Connection) -> Any:
    """psycopg's own cursor, within the transaction: SQLAlchemy has no COPY."""
    driver: Any = connection.connection.driver_connection
    return driver.cursor()
