"""Files of messages: what customers and agents send besides words."""

from alembic import op

from bot.migrations.script import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    run(op.get_bind(), __file__, "0002_files.sql")


def downgrade() -> None:
    """Remove it; the bytes stay where they are kept."""
    run(op.get_bind(), __file__, "0002_files_down.sql")
