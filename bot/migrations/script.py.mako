"""${message}."""

from alembic import op

from bot.migrations.script import run

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    run(op.get_bind(), __file__, "${up_revision}.sql")


def downgrade() -> None:
    """Bring them back."""
    run(op.get_bind(), __file__, "${up_revision}_down.sql")
