"""Shifts: kinds that nobody is planned for any more."""

from alembic import op

from bot.migrations.script import run

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    run(op.get_bind(), __file__, "0063_retired_shifts.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0063_retired_shifts_down.sql")
