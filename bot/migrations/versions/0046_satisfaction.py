"""Satisfaction: what became of each survey, and what mystery shoppers found, for the monthly analysis."""

from alembic import op

from bot.migrations.script import run

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, the views and the index."""
    run(op.get_bind(), __file__, "0046_satisfaction.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0046_satisfaction_down.sql")
