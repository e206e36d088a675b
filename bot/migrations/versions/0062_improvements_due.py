"""Improvements: their limit is the ledger's, and whose they are counts there."""

from alembic import op

from bot.migrations.script import run

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change table and view."""
    run(op.get_bind(), __file__, "0062_improvements_due.sql")


def downgrade() -> None:
    """Change them back."""
    run(op.get_bind(), __file__, "0062_improvements_due_down.sql")
