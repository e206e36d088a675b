"""Brings a database to the newest revision."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.embedded.off_loop import off_loop

FOLDER = Path(__file__).parent
_ONE_AT_A_TIME = Lock()
"""Alembic keeps the migration under way in globals of its process."""


async def upgrade(database_url: str) -> str:
    """Run the revisions that are missing; several processes may call this at once, and one does it.

    Args:
        database_url: a PostgreSQL URL.

    Returns:
        The newest revision, at which the database is now.

    Raises:
        OSError: the server cannot be reached.
        sqlalchemy.exc.DBAPIError: a statement failed, or a table stayed locked; what the last revision
            had done is undone.
    """
    return await off_loop(_upgrade, database_url)


def _upgrade(database_url: str) -> str:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["database_url"] = database_url
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")
    return ScriptDirectory.from_config(config).get_current_head() or ""
