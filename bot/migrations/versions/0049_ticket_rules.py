"""Ticket rules as operators publish them."""

from alembic import op

from bot.migrations.script import run

revision = "0049"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run(op.get_bind(), __file__, "0049_ticket_rules.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0049_ticket_rules_down.sql")
