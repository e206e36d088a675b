"""Roles: what people at the desk may be."""

from alembic import op

from bot.migrations.script import run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0013_roles.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0013_roles_down.sql")
