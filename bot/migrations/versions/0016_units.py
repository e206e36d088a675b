"""Units: headquarters, provinces, cities and teams as a tree."""

from alembic import op

from bot.migrations.script import run

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    run(op.get_bind(), __file__, "0016_units.sql")


def downgrade() -> None:
    """Take it back."""
    run(op.get_bind(), __file__, "0016_units_down.sql")
