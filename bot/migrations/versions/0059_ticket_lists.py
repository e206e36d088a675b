"""Indices of the archive, which are written once a ticket."""

from alembic import op

from bot.migrations.script import run

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    run(op.get_bind(), __file__, "0059_ticket_lists.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0059_ticket_lists_down.sql")
