"""Lists: where the bot is stuck, and what leaders do to the chats of others."""

from alembic import op

from bot.migrations.script import run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    run(op.get_bind(), __file__, "0030_lists.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0030_lists_down.sql")
