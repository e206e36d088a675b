"""Rows of usual turns, as one array holds them."""

from alembic import op

from bot.migrations.script import run

revision = "0057"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the types."""
    run(op.get_bind(), __file__, "0057_kept_turns.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0057_kept_turns_down.sql")
