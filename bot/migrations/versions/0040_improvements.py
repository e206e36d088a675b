"""Improvements: tasks that grow out of complaints, week by week."""

from alembic import op

from bot.migrations.script import run

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and an index."""
    run(op.get_bind(), __file__, "0040_improvements.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0040_improvements_down.sql")
