"""Matters: owners of questions, calls about alerts, call-backs after low scores, and whose a deadline is."""

from alembic import op

from bot.migrations.script import run

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0038_matters.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0038_matters_down.sql")
