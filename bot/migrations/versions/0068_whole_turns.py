"""Usual turns as one row each."""

from alembic import op

from bot.migrations.script import run

revision = "0068"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the type."""
    run(op.get_bind(), __file__, "0068_whole_turns.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0068_whole_turns_down.sql")
