"""Keys of programs that call the API, and what their writing calls were answered."""

from alembic import op

from bot.migrations.script import run

revision = "0043"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    run(op.get_bind(), __file__, "0043_keys.sql")


def downgrade() -> None:
    """Remove them."""
    run(op.get_bind(), __file__, "0043_keys_down.sql")
