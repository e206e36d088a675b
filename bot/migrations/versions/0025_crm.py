"""CRM: what is known of customers, and what routing asks for."""

from alembic import op

from bot.migrations.script import run

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0025_crm.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0025_crm_down.sql")
