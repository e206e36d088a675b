"""The ticket desk: filters that somebody has kept, and files."""

from alembic import op

from bot.migrations.script import run

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0035_ticket_desk.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0035_ticket_desk_down.sql")
