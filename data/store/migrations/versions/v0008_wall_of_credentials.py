"""Credentials are behind the wall between tenants; whoever shows one finds that one alone."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

OWN_ROWS = (
    "tenant = current_setting('trellis.tenant', true) "
    "OR current_setting('trellis.overseer', true) = 'on'"
)
TABLES = ("keys", "sign_ins", "sessions", "accounts", "identities")
SHOWN = {
    "keys": ("secret_hash", "id"),
    "sign_ins": ("secret_hash",),
    "sessions": ("secret_hash",),
    "accounts": ("name",),
}
"""By what a row is found before its tenant is known. An identity's provider says the tenant."""


def upgrade() -> None:
    """On PostgreSQL a transaction sees its own tenant's credentials, and the one it shows."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_tenant ON {table} USING ({OWN_ROWS})")
    for table, columns in SHOWN.items():
        rows = f"current_setting('trellis.shown', true) IN ({', '.join(columns)})"
        op.execute(f"CREATE POLICY shown ON {table} FOR SELECT USING ({rows})")


def downgrade() -> None:
    """Whoever reaches the database sees every tenant's credentials again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in SHOWN:
        op.execute(f"DROP POLICY shown ON {table}")
    for table in TABLES:
        op.execute(f"DROP POLICY own_tenant ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
