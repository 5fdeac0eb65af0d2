"""Answers can be found by the recommendation that they follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Only answers that name a recommendation are in the index: most senders name none."""
    op.create_index(
        "ix_events_tenant_recommendation",
        "events",
        ["tenant", "recommendation"],
        postgresql_where=sa.text("recommendation IS NOT NULL"),
        sqlite_where=sa.text("recommendation IS NOT NULL"),
    )


def downgrade() -> None:
    """The index is gone."""
    op.drop_index("ix_events_tenant_recommendation", "events")
