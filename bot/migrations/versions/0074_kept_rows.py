"""Rows of the statements that write whatever turns change besides the usual."""

from alembic import op

from bot.migrations.script import run

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the types."""
    run(op.get_bind(), __file__, "0074_kept_rows.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0074_kept_rows_down.sql")
