"""Delivery: what is known of our accounts, what people decided about dead letters, and what was shown unmasked."""

from alembic import op

from bot.migrations.script import run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the column that says what an alert is about."""
    run(op.get_bind(), __file__, "0010_delivery.sql")


def downgrade() -> None:
    """Remove everything that this revision made."""
    run(op.get_bind(), __file__, "0010_delivery_down.sql")
