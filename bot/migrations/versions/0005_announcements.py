"""Announcements on the chat's home, and the record of what visitors agreed to."""

from alembic import op

from bot.migrations.script import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    run(op.get_bind(), __file__, "0005_announcements.sql")


def downgrade() -> None:
    """Remove everything that this revision made."""
    run(op.get_bind(), __file__, "0005_announcements_down.sql")
