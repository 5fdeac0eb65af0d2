"""Events say what kind of evidence they are, and by which rubric it was scored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

identifier = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    """Events of before are answers, scored by no rubric."""
    for name in ("evidence_kind", "rubric"):
        op.add_column("events", sa.Column(name, identifier))


def downgrade() -> None:
    """What kind of evidence it was is forgotten; the scores stay."""
    for name in ("rubric", "evidence_kind"):
        op.drop_column("events", name)
