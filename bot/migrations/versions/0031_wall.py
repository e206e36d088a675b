"""The wall: what its figures are read by, and from where on they are coloured."""

from alembic import op

from bot.migrations.script import run

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the indexes."""
    run(op.get_bind(), __file__, "0031_wall.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0031_wall_down.sql")
