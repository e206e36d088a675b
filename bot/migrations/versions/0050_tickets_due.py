"""All tickets in the order of their next limit, which lists of words follow."""

from alembic import op

from bot.migrations.script import run

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    run(op.get_bind(), __file__, "0050_tickets_due.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0050_tickets_due_down.sql")
