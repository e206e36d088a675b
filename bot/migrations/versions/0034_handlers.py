"""Handlers: the people of the responsible departments."""

from alembic import op

from bot.migrations.script import run

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0034_handlers.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0034_handlers_down.sql")
