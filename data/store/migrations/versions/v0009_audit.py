"""An audit log: who did what to whom, only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
word = sa.String(20)
counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OWN_TENANT = "tenant = current_setting('trellis.tenant', true)"
OVERSEER = "current_setting('trellis.overseer', true) = 'on'"
YEAR = 365 * 24 * 60 * 60


def upgrade() -> None:
    """The table exists. The database itself refuses changes, and deletions within a year."""
    op.create_table(
        "audit",
        sa.Column("sequence", counter, nullable=False),
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("deed", word, nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("actor", identifier),
        sa.Column("kind", word),
        sa.Column("about", identifier),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_tenant_sequence", "audit", ["tenant", "sequence"])
    op.create_index("ix_audit_tenant_about", "audit", ["tenant", "about"])
    if op.get_bind().dialect.name == "postgresql":
        _wall_off()
    else:
        _guard()


def downgrade() -> None:
    """What was noted is gone; nothing else rests on it."""
    op.drop_table("audit")


def _wall_off() -> None:
    """Without a policy for updates no row is ever updated, the owner's own not either."""
    op.execute("ALTER TABLE audit ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE audit FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON audit FOR SELECT USING ({OWN_TENANT} OR {OVERSEER})")
    op.execute(f"CREATE POLICY added ON audit FOR INSERT WITH CHECK ({OWN_TENANT} OR {OVERSEER})")
    old = f"at < (extract(epoch FROM now())::bigint - {YEAR}) * 1000000"
    op.execute(f"CREATE POLICY forgotten ON audit FOR DELETE USING ({OWN_TENANT} AND {old})")


def _guard() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
    young = f"old.at >= (CAST(strftime('%s', 'now') AS INTEGER) - {YEAR}) * 1000000"
    op.execute(f"CREATE TRIGGER audit_stays BEFORE UPDATE ON audit {refuse}")
    op.execute(f"CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN {young} {refuse}")
