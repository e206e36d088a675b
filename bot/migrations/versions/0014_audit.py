"""Audit: one trail of who did what, sealed into a chain."""

from alembic import op

from bot.migrations.script import run

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0014_audit.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0014_audit_down.sql")
