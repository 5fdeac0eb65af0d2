"""Brings a database's tables to the form that this version of Trellis works with."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.errors import Unavailable

from .postgres import lock_schema, oversee
from .revision import NEWEST, VERSION_TABLE, revision
from .schema import metadata

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """The tables are at the newest revision, in the caller's transaction.

    Of several processes that start at once one does the work, and the others wait for it. Raises
    `Unavailable` for a database that a newer Trellis has migrated.
    """
    lock_schema(connection)
    oversee(connection)
    current = revision(connection)
    if current is not None and current not in known_revisions():
        raise Unavailable(
            f"the database was written by a newer Trellis (its schema is {current!r}, "
            f"this version knows up to {NEWEST!r}): upgrade Trellis"
        )
    command.upgrade(_config(connection), "head")


def downgrade(connection: Connection, target: str = "base") -> None:
    """The tables are back at an earlier revision; what only later ones can hold is lost."""
    oversee(connection)
    command.downgrade(_config(connection), target)


def known_revisions() -> set[str]:
    """Every form of the tables that this version can open, the newest included."""
    return {step.revision for step in ScriptDirectory(str(FOLDER)).walk_revisions()}


def _config(connection: Connection) -> Config:
    config = Config()
    # Alembic's settings treat a per cent sign as the start of a placeholder.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = VERSION_TABLE
    config.attributes["metadata"] = metadata
    return config
