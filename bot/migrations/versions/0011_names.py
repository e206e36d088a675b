"""Names: what a message is called on a platform that takes each name once."""

from alembic import op

from bot.migrations.script import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    run(op.get_bind(), __file__, "0011_names.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0011_names_down.sql")
