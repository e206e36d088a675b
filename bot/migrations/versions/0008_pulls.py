"""Pulls: lists that platforms keep for us, and messages that cost no budget."""

from alembic import op

from bot.migrations.script import run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    run(op.get_bind(), __file__, "0008_pulls.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0008_pulls_down.sql")
