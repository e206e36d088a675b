"""CRM: what is known of customers, and what routing asks for."""

from alembic import op

from bot.migrations.script import run

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    run(op.get_bind(), __file__, "0017_crm.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0017_crm_down.sql")
