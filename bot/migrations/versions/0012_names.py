"""Names: what a message is called on a platform that takes each name once."""

from alembic import op

from bot.migrations.script import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    run(op.get_bind(), __file__, "0012_names.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0012_names_down.sql")
