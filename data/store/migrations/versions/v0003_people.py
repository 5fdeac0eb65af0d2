"""People: families, accounts, keys that expire, and who was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
digest = sa.String(64)
word = sa.String(20)
OWN_ROWS = (
    "tenant = current_setting('trellis.tenant', true) "
    "OR current_setting('trellis.overseer', true) = 'on'"
)
TENANTS_OWN = ("guardians", "erasures")


def upgrade() -> None:
    """Families can be linked, people have accounts, keys expire, the erased stay away."""
    _add_students_people()
    _add_accounts()
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("scopes", sa.Text()))
        keys.add_column(sa.Column("expires_at", sa.BigInteger()))
        keys.add_column(sa.Column("last_used_at", sa.BigInteger()))
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("idle_until", sa.BigInteger()))
    _wall_off()


def downgrade() -> None:
    """Only keys are left, and those that were to expire do not."""
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("idle_until")
    with op.batch_alter_table("keys") as keys:
        keys.drop_column("last_used_at")
        keys.drop_column("expires_at")
        keys.drop_column("scopes")
    for table in ("failures", "identities", "accounts", "erasures", "guardians"):
        op.drop_table(table)


def _add_students_people() -> None:
    op.create_table(
        "guardians",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("guardian", identifier, nullable=False),
        sa.Column("student", identifier, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "guardian", "student", name="pk_guardians"),
    )
    op.create_index("ix_guardians_tenant_student", "guardians", ["tenant", "student"])
    op.create_table(
        "erasures",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("digest", digest, nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "digest", name="pk_erasures"),
    )


def _add_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", identifier, nullable=False),
        *_who(),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
    )
    op.create_index("ix_accounts_tenant", "accounts", ["tenant"])
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", identifier, nullable=False),
        *_who(),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
    )
    op.create_index("ix_identities_tenant", "identities", ["tenant"])
    op.create_table(
        "failures",
        sa.Column("digest", digest, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_failures"),
    )


def _who() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("user", identifier, nullable=False),
    )


def _wall_off() -> None:
    """Rows are seen and written by transactions of their own tenant alone."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TENANTS_OWN:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")  # the owner's eyes too
        op.execute(f"CREATE POLICY own_tenant ON {table} USING ({OWN_ROWS})")
