"""Indices that nobody asks."""

from alembic import op

from bot.migrations.script import run

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take them away."""
    run(op.get_bind(), __file__, "0075_fewer_indices.sql")


def downgrade() -> None:
    """Bring them back."""
    run(op.get_bind(), __file__, "0075_fewer_indices_down.sql")
