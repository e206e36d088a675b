"""Named: who is named in notes of a conversation may read it, and is found by the conversation."""

from alembic import op

from bot.migrations.script import run

revision = "0045"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    run(op.get_bind(), __file__, "0045_named.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0045_named_down.sql")
