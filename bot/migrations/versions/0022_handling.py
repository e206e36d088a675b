"""Handling: how long people take over a conversation, found by its queue."""

from alembic import op

from bot.migrations.script import run

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    run(op.get_bind(), __file__, "0022_handling.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0022_handling_down.sql")
