"""Questionnaires: what surveys ask beside the stars, in versions, and what customers answer."""

from alembic import op

from bot.migrations.script import run

revision = "0047"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns of the answers."""
    run(op.get_bind(), __file__, "0047_questionnaires.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0047_questionnaires_down.sql")
