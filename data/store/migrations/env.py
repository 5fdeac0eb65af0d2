"""What Alembic runs around the steps: on the connection it was handed, in its transaction."""

from __future__ import annotations

from alembic import context


def migrate() -> None:
    """The steps asked for are done on the connection in the settings' attributes."""
    settings = context.config.attributes
    context.configure(
        connection=settings["connection"],
        version_table=settings["version_table"],
        target_metadata=settings["metadata"],
        render_as_batch=True,  # SQLite alters a table by copying it
    )
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic runs this file; importing it does nothing
    migrate()
