"""Calls and outlets: what telephone systems report, where counters stand, and who came from where."""

from alembic import op

from bot.migrations.script import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of calls and outlets, and the columns that lead to them."""
    run(op.get_bind(), __file__, "0004_calls.sql")


def downgrade() -> None:
    """Remove everything that this revision made."""
    run(op.get_bind(), __file__, "0004_calls_down.sql")
