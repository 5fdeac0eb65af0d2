"""Replies that can be given again, long work and what it left, and beliefs of a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
word = sa.String(20)
digest = sa.String(64)
OWN_ROWS = (
    "tenant = current_setting('trellis.tenant', true) "
    "OR current_setting('trellis.overseer', true) = 'on'"
)
TENANTS_OWN = ("replies", "jobs", "snapshots")


def upgrade() -> None:
    """The tables exist, walled off on PostgreSQL like the others."""
    op.create_table(
        "replies",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("digest", digest, nullable=False),
        sa.Column("request", digest, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.JSON()),
        sa.Column("body", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "digest", name="pk_replies"),
    )
    op.create_table(
        "jobs",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("id", identifier, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_table(
        "snapshots",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("student", identifier, nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("p_mastery", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "day", "student", "skill", name="pk_snapshots"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TENANTS_OWN:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY own_tenant ON {table} USING ({OWN_ROWS})")


def downgrade() -> None:
    """The tables are gone; nothing else rests on them."""
    for table in TENANTS_OWN:
        op.drop_table(table)
