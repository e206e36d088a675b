"""Limits: how many chats of single channels an agent carries at once."""

from alembic import op

from bot.migrations.script import run

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run(op.get_bind(), __file__, "0020_limits.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0020_limits_down.sql")
