"""Second factors: codes of a telephone beside the password."""

from alembic import op

from bot.migrations.script import run

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0026_second_factor.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0026_second_factor_down.sql")
