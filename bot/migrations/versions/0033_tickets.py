"""Tickets: what departments have to solve, their timeline and their archive."""

from alembic import op

from bot.migrations.script import run

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0033_tickets.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0033_tickets_down.sql")
