"""Imports of tickets: on which hotline account their customers are."""

from alembic import op

from bot.migrations.script import run

revision = "0072"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run(op.get_bind(), __file__, "0072_import_accounts.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0072_import_accounts_down.sql")
