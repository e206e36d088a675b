"""Brings a database to the newest revision."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config

FOLDER = Path(__file__).parent


async def upgrade(database_url: str) -> None:
    """Run the revisions that are missing; several processes may call this at once, and one does it.

    Args:
        database_url: a PostgreSQL URL.

    Raises:
        OSError: the server cannot be reached.
        sqlalchemy.exc.DBAPIError: a statement failed, or a table stayed locked; what the last revision
            had done is undone.
    """
    await asyncio.to_thread(_upgrade, database_url)


def _upgrade(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")
