"""Links by which somebody chooses a new password, once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
OWN_ROWS = (
    "tenant = current_setting('trellis.tenant', true) "
    "OR current_setting('trellis.overseer', true) = 'on'"
)
SHOWN = "current_setting('trellis.shown', true) = secret_hash"


def upgrade() -> None:
    """The table exists, walled off on PostgreSQL; whoever shows a link finds that one."""
    op.create_table(
        "resets",
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("name", identifier, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_resets"),
    )
    op.create_index("ix_resets_tenant_name", "resets", ["tenant", "name"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE resets ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE resets FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_tenant ON resets USING ({OWN_ROWS})")
        op.execute(f"CREATE POLICY shown ON resets FOR SELECT USING ({SHOWN})")


def downgrade() -> None:
    """Links that were not used open nothing any more."""
    op.drop_table("resets")
