"""What agents reach for while they write: canned replies of their own, colleagues, knowledge."""

from alembic import op

from bot.migrations.script import run

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0029_reach_for.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0029_reach_for_down.sql")
