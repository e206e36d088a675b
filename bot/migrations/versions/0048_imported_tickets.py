"""Imported tickets: what each is called in the system that it comes from."""

from alembic import op

from bot.migrations.script import run

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run(op.get_bind(), __file__, "0048_imported_tickets.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0048_imported_tickets_down.sql")
