"""Forms: guided business as operators publish it, in all its versions."""

from alembic import op

from bot.migrations.script import run

revision = "0042"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    run(op.get_bind(), __file__, "0042_forms.sql")


def downgrade() -> None:
    """Remove it."""
    run(op.get_bind(), __file__, "0042_forms_down.sql")
