"""Identities: who people are at providers of log-ins, all roles of the standard, and when people are on duty."""

from alembic import op

from bot.migrations.script import run

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0027_identities.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0027_identities_down.sql")
