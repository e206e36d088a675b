"""The house: contacts, conversations, messages, deadlines, outbox, people, knowledge, surveys."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the statements stand beside this file so that an editor reads them as SQL."""
    op.execute((Path(__file__).parent / "0001_house.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove everything that this revision made."""
    op.execute((Path(__file__).parent / "0001_house_down.sql").read_text(encoding="utf-8"))
