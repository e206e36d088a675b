"""How far threads have got on the contacts' devices and at the desk, and the push notifications that are due."""

from alembic import op

from bot.migrations.script import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the statements stand beside this file so that an editor reads them as SQL."""
    run(op.get_bind(), __file__, "0003_reach.sql")


def downgrade() -> None:
    """Remove everything that this revision made."""
    run(op.get_bind(), __file__, "0003_reach_down.sql")
