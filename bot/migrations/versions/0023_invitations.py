"""Invitations: colleagues whom the owner of a conversation has asked to help."""

from alembic import op

from bot.migrations.script import run

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    run(op.get_bind(), __file__, "0023_invitations.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0023_invitations_down.sql")
