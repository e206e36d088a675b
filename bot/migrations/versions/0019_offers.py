"""Offers: conversations that agents accept by hand, and conversations that one agent passes on to another."""

from alembic import op

from bot.migrations.script import run

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns of an offer and the table of transfers."""
    run(op.get_bind(), __file__, "0019_offers.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0019_offers_down.sql")
