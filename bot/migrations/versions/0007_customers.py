"""Customers: who stands behind contacts, by what proof, and since when."""

from alembic import op

from bot.migrations.script import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and the columns that point to them."""
    run(op.get_bind(), __file__, "0007_customers.sql")


def downgrade() -> None:
    """Remove everything that this revision made; contacts go back to standing alone."""
    run(op.get_bind(), __file__, "0007_customers_down.sql")
