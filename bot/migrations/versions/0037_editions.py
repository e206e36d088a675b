"""Editions: standards by version and pack, and the records that packs declare."""

from alembic import op

from bot.migrations.script import run

revision = "0037"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0037_editions.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0037_editions_down.sql")
