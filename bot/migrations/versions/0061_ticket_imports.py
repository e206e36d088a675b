"""Imports: files of tickets of another system that somebody has handed in at the desk."""

from alembic import op

from bot.migrations.script import run

revision = "0061"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run(op.get_bind(), __file__, "0061_ticket_imports.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0061_ticket_imports_down.sql")
