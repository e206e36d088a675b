"""Presences: why somebody is on a break, who set it, and what everyone has been since when."""

from alembic import op

from bot.migrations.script import run

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add reasons, training and the history."""
    run(op.get_bind(), __file__, "0021_presences.sql")


def downgrade() -> None:
    """Remove them; who is in training is on a break."""
    run(op.get_bind(), __file__, "0021_presences_down.sql")
