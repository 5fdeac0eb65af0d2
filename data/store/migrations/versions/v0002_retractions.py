"""Events that take others back, corrected device clocks, and a wall between tenants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
OWN_ROWS = (
    "tenant = current_setting('trellis.tenant', true) "
    "OR current_setting('trellis.overseer', true) = 'on'"
)
TENANTS_OWN = ("facts", "curricula", "enrolments", "events", "decisions")


def upgrade() -> None:
    """The log can hold retractions, and on PostgreSQL no tenant sees another's rows."""
    with op.batch_alter_table("events", table_kwargs={"sqlite_autoincrement": True}) as events:
        events.alter_column("correct", existing_type=sa.Float(), nullable=True)
        offset = sa.Column("clock_offset", sa.BigInteger(), nullable=False, server_default="0")
        events.add_column(offset)
        events.add_column(sa.Column("voids", identifier))
    op.create_index(
        "ix_events_tenant_voids",
        "events",
        ["tenant", "voids"],
        postgresql_where=sa.text("voids IS NOT NULL"),
        sqlite_where=sa.text("voids IS NOT NULL"),
    )
    _wall_off()


def downgrade() -> None:
    """The log is one of answers alone: those that had been taken back count again."""
    _open_up()
    op.drop_index("ix_events_tenant_voids", "events")
    op.execute("DELETE FROM events WHERE correct IS NULL")
    with op.batch_alter_table("events", table_kwargs={"sqlite_autoincrement": True}) as events:
        events.drop_column("voids")
        events.drop_column("clock_offset")
        events.alter_column("correct", existing_type=sa.Float(), nullable=False)


def _wall_off() -> None:
    """Rows are seen and written by transactions of their own tenant alone."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TENANTS_OWN:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")  # the owner's eyes too
        op.execute(f"CREATE POLICY own_tenant ON {table} USING ({OWN_ROWS})")


def _open_up() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TENANTS_OWN:
        op.execute(f"DROP POLICY own_tenant ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
