"""Particulars of tickets: which number, where and when."""

from alembic import op

from bot.migrations.script import run

revision = "0052"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    run(op.get_bind(), __file__, "0052_particulars.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0052_particulars_down.sql")
