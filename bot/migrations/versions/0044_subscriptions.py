"""Subscriptions to what happens here, and what was told to whom."""

from alembic import op

from bot.migrations.script import run

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    run(op.get_bind(), __file__, "0044_subscriptions.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0044_subscriptions_down.sql")
