"""Texts of tickets as they are searched, apart from the tickets."""

from alembic import op

from bot.migrations.script import run

revision = "0058"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the texts."""
    run(op.get_bind(), __file__, "0058_ticket_texts.sql")


def downgrade() -> None:
    """Search the tickets themselves again."""
    run(op.get_bind(), __file__, "0058_ticket_texts_down.sql")
