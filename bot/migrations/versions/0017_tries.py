"""Tries: wrong passwords from one address on the network."""

from alembic import op

from bot.migrations.script import run

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0017_tries.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0017_tries_down.sql")
