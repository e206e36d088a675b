"""Snoozes: chats that their owners set aside until a time."""

from alembic import op

from bot.migrations.script import run

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run(op.get_bind(), __file__, "0053_snoozes.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0053_snoozes_down.sql")
