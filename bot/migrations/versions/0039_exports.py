"""Exports: lists of tickets that somebody has asked for as a file."""

from alembic import op

from bot.migrations.script import run

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run(op.get_bind(), __file__, "0039_exports.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0039_exports_down.sql")
