"""Push notifications: what a phone is woken for, and since when it waits."""

from alembic import op

from bot.migrations.script import run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and remove what they replace."""
    run(op.get_bind(), __file__, "0009_push.sql")


def downgrade() -> None:
    """Put back what was there."""
    run(op.get_bind(), __file__, "0009_push_down.sql")
