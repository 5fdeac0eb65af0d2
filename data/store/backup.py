"""A copy of everything that is kept, taken while the server works, and brought back whole.

SQLite: a database file, copied page by page within one read (SQLite's online backup). PostgreSQL: a
zip of its tables as `COPY` writes them, all from one snapshot, with the number of rows and the
SHA-256 of each. Either is written beside its place, checked, brought to the disk and only then
named: a backup that is there is a whole one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import make_url

from engine.errors import Conflict, InvalidInput, Unavailable

from .connection import connect
from .copies import copy_in, copy_out, is_copy
from .migration import known_revisions
from .revision import NEWEST, VERSION_TABLE

SQLITE_START = b"SQLite format 3\x00"
LEFT_OVERS = ("-wal", "-shm", "-journal")
"""Files beside a database that belong to it alone: next to another one they destroy it."""


class Backup(NamedTuple):
    """What a backup holds: its form, its schema's revision, and the rows of its log."""

    form: str
    revision: str
    events: int
    bytes: int


def back_up(url: str, path: Path) -> Backup:
    """A checked backup of the database is at `path`, on the disk; the server need not stop.

    Raises `Conflict` where something is there already, `Unavailable` where the database cannot be
    read or the backup not written.
    """
    if path.exists():
        raise Conflict(f"{path} exists: a backup is never written over another")
    if _is_sqlite(url):
        source = _existing(url)
        with _beside(path) as new:
            _copy(source, new)
            found = _checked(new)
            _settle(new, path)
        return found
    with _beside(path) as new, closing(connect(url)) as database:
        counts = copy_out(database, new)
        _settle(new, path)
    return Backup("postgresql", NEWEST, counts["events"], path.stat().st_size)


def restore(path: Path, url: str) -> Backup:
    """The database at the address holds what the backup does, and nothing else ever did.

    Raises `InvalidInput` for a file that is no whole backup of this kind of database, `Conflict`
    where the database holds something already: nothing is written over.
    """
    if not path.is_file():
        raise InvalidInput.at("backup", str(path), "a file that `trellis backup` wrote")
    if not _is_sqlite(url):
        if not is_copy(path):
            raise InvalidInput.at("backup", str(path), "a backup taken of a PostgreSQL database")
        counts = copy_in(path, url)
        return Backup("postgresql", NEWEST, counts["events"], path.stat().st_size)
    if path.read_bytes()[: len(SQLITE_START)] != SQLITE_START:
        raise InvalidInput.at("backup", str(path), "a backup taken of an SQLite database")
    target = _file_of(url)
    _refuse_what_is_there(target)
    _checked(path)  # before anything is copied
    with _beside(target) as new:
        _copy(path, new)
        found = _checked(new)
        _settle(new, target)
    return found


def _refuse_what_is_there(target: Path) -> None:
    if target.exists():
        raise Conflict(f"{target} exists: move it away first, with its -wal and -shm")
    for end in LEFT_OVERS:
        left = target.with_name(target.name + end)
        if left.exists():
            raise Conflict(
                f"{left} belongs to a database that is no longer there, and would be mixed into "
                "the restored one: move it away first"
            )


def _copy(source: Path, target: Path) -> None:
    """All of one database into another file, as one reader sees it; writers are not held up."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.DatabaseError as error:
        raise Unavailable(f"{source} cannot be copied: {error}") from error


def _checked(path: Path) -> Backup:
    """What the file holds. Raises `InvalidInput` for one that is damaged, or none of ours."""
    expected = "a whole database of this Trellis or an older one"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as one:
            (state,) = one.execute("PRAGMA integrity_check(1)").fetchone()
            (revision,) = one.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
            (events,) = one.execute("SELECT count(*) FROM events").fetchone()
    except (sqlite3.DatabaseError, TypeError) as error:
        raise InvalidInput.at("backup", str(error), expected) from error
    if state != "ok" or revision not in known_revisions():
        raise InvalidInput.at("backup", state if state != "ok" else revision, expected)
    return Backup("sqlite", revision, events, path.stat().st_size)


def _settle(new: Path, path: Path) -> None:
    """The file is on the disk, under its name, which nobody else has taken meanwhile."""
    with new.open("rb+") as written:
        os.fsync(written.fileno())
    try:
        os.link(new, path)  # unlike a rename it never replaces what is there
    except FileExistsError:
        raise Conflict(f"{path} exists by now: nothing was written over it") from None
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A place beside the final one, on the same disk, which is clear again afterwards."""
    new = path.with_name(f".{path.name}.part")
    try:
        new.unlink(missing_ok=True)
        yield new
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error}") from error
    finally:
        new.unlink(missing_ok=True)


def _is_sqlite(url: str) -> bool:
    connect(url).close()  # raises for an address that cannot be one
    return make_url(url).drivername.startswith("sqlite")


def _file_of(url: str) -> Path:
    return Path(make_url(url).database or "")


def _existing(url: str) -> Path:
    found = _file_of(url)
    if not found.is_file():
        raise InvalidInput.at("database URL", str(found), "the file of an existing database")
    return found
