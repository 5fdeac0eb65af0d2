"""Every version of a fact, and whom goals and overrides are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
word = sa.String(20)
OWN_ROWS = (
    "tenant = current_setting('trellis.tenant', true) "
    "OR current_setting('trellis.overseer', true) = 'on'"
)
TENANTS_OWN = ("fact_history", "concerns")
CURRICULUM = "('skills', 'objectives', 'items', 'activities')"


def upgrade() -> None:
    """The history begins with what every fact says now."""
    op.create_table(
        "fact_history",
        sa.Column("sequence", counter, nullable=False),
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("id", identifier, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer()),
        sa.PrimaryKeyConstraint("sequence", name="pk_fact_history"),
        sa.UniqueConstraint(
            "tenant", "kind", "id", "version", name="uq_fact_history_tenant_kind_id_version"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_fact_history_tenant_revision", "fact_history", ["tenant", "revision"])
    op.create_table(
        "concerns",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("id", identifier, nullable=False),
        sa.Column("whom", word, nullable=False),
        sa.Column("subject", identifier, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "id", name="pk_concerns"),
    )
    op.create_index("ix_concerns_tenant_subject", "concerns", ["tenant", "subject"])
    op.execute(
        "INSERT INTO fact_history "
        "(tenant, kind, id, version, body, written_at, author, deleted, revision) "
        "SELECT f.tenant, f.kind, f.id, f.version, f.body, f.updated_at, '', f.deleted, "
        f"CASE WHEN f.kind IN {CURRICULUM} THEN COALESCE(c.revision, 0) END "
        "FROM facts f LEFT JOIN curricula c ON c.tenant = f.tenant ORDER BY f.sequence"
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in TENANTS_OWN:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")  # the owner's eyes too
            op.execute(f"CREATE POLICY own_tenant ON {table} USING ({OWN_ROWS})")


def downgrade() -> None:
    """Only what each fact says now is left; goals and overrides are gone."""
    op.execute("DELETE FROM facts WHERE kind IN ('goals', 'overrides')")
    op.drop_table("concerns")
    op.drop_table("fact_history")
