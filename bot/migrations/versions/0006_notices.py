"""Notices: what may go where the platform takes no message, and questions that did not arrive."""

from alembic import op

from bot.migrations.script import run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    run(op.get_bind(), __file__, "0006_notices.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0006_notices_down.sql")
