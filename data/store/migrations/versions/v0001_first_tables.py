"""The first tables: facts, the log, decisions and credentials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
word = sa.String(20)
digest = sa.String(64)


def upgrade() -> None:
    """The tables exist."""
    _create_facts()
    _create_events()
    _create_decisions()
    _create_credentials()


def downgrade() -> None:
    """The tables are gone, and what was in them."""
    for table in (
        "sessions",
        "sign_ins",
        "keys",
        "decisions",
        "events",
        "enrolments",
        "curricula",
        "facts",
    ):
        op.drop_table(table)


def _create_facts() -> None:
    op.create_table(
        "facts",
        sa.Column("sequence", counter, nullable=False),
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("id", identifier, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_facts"),
        sa.UniqueConstraint("tenant", "kind", "id", name="uq_facts_tenant_kind_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "curricula",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_curricula"),
    )
    op.create_table(
        "enrolments",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("class_id", identifier, nullable=False),
        sa.Column("student", identifier, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "class_id", "student", name="pk_enrolments"),
    )
    op.create_index("ix_enrolments_tenant_student", "enrolments", ["tenant", "student"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("sequence", counter, nullable=False),
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("id", identifier, nullable=False),
        sa.Column("student", identifier, nullable=False),
        sa.Column("skills", sa.Text()),
        sa.Column("item", identifier),
        sa.Column("correct", sa.Float(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("dated", sa.Boolean(), nullable=False),
        sa.Column("activity", identifier),
        sa.Column("recommendation", identifier),
        sa.Column("class_id", identifier),
        sa.Column("session", identifier),
        sa.Column("response_ms", sa.BigInteger()),
        sa.Column("hints", sa.Integer()),
        sa.Column("attempt", sa.Integer()),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_events"),
        sa.UniqueConstraint("tenant", "id", name="uq_events_tenant_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_events_tenant_student_occurred_at_id",
        "events",
        ["tenant", "student", "occurred_at", "id"],
        postgresql_include=["sequence"],
    )
    op.create_index("ix_events_tenant_sequence", "events", ["tenant", "sequence"])


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("id", identifier, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "id", name="pk_decisions"),
    )


def _create_credentials() -> None:
    op.create_table(
        "keys",
        sa.Column("id", identifier, nullable=False),
        sa.Column("secret_hash", digest, nullable=False),
        sa.Column("tenant", identifier, nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("user", identifier),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
        sa.UniqueConstraint("secret_hash", name="uq_keys_secret_hash"),
    )
    op.create_index("ix_keys_tenant", "keys", ["tenant"])
    for table in ("sign_ins", "sessions"):
        op.create_table(
            table,
            sa.Column("secret_hash", digest, nullable=False),
            sa.Column("tenant", identifier, nullable=False),
            sa.Column("role", word, nullable=False),
            sa.Column("user", identifier),
            sa.Column("expires_at", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("secret_hash", name=f"pk_{table}"),
        )
