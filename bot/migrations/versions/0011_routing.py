"""Routing: the text that an operator has published, and the queues that it names."""

from alembic import op

from bot.migrations.script import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and let queues require several skills."""
    run(op.get_bind(), __file__, "0011_routing.sql")


def downgrade() -> None:
    """Put back what was there; of several skills the first stays."""
    run(op.get_bind(), __file__, "0011_routing_down.sql")
