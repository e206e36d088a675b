"""Improvements: whom they concern, and a province in which a topic grew."""

from alembic import op

from bot.migrations.script import run

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the rule."""
    run(op.get_bind(), __file__, "0073_improvements_of_units.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0073_improvements_of_units_down.sql")
