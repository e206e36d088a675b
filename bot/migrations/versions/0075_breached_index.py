"""An index that nobody asks."""

from alembic import op

from bot.migrations.script import run

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take it away."""
    run(op.get_bind(), __file__, "0075_breached_index.sql")


def downgrade() -> None:
    """Bring it back."""
    run(op.get_bind(), __file__, "0075_breached_index_down.sql")
