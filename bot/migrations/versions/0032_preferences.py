"""Preferences: how people want their desk."""

from alembic import op

from bot.migrations.script import run

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run(op.get_bind(), __file__, "0032_preferences.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0032_preferences_down.sql")
