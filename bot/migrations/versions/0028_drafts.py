"""What agents have typed and not sent, and what they sent although something was pointed out."""

from alembic import op

from bot.migrations.script import run

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    run(op.get_bind(), __file__, "0028_drafts.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0028_drafts_down.sql")
