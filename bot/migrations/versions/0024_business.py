"""Business: the form that a contact is filling in, and what was filed."""

from alembic import op

from bot.migrations.script import run

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0024_business.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0024_business_down.sql")
