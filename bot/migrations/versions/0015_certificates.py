"""Certificates: skills that count until a day."""

from alembic import op

from bot.migrations.script import run

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0015_certificates.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0015_certificates_down.sql")
