"""The house: contacts, conversations, messages, deadlines, outbox, people, knowledge, surveys."""

from alembic import op

from bot.migrations.script import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the statements stand beside this file so that an editor reads them as SQL."""
    run(op.get_bind(), __file__, "0001_house.sql")


def downgrade() -> None:
    """Remove everything that this revision made."""
    run(op.get_bind(), __file__, "0001_house_down.sql")
