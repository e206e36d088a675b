"""Commands work beside a running ``up``: what the environment does not name, its ``run.json`` does."""

from dataclasses import replace

from bot.embedded.runfile import find_running
from bot.settings import Settings


class NothingRuns(Exception):
    """A server's address is not set, and no ``up`` runs in the data folder; the message says what to do."""


def connected(settings: Settings) -> Settings:
    """The settings with the addresses of both servers filled in.

    Raises:
        NothingRuns: an address is not set, and no ``up`` runs that could tell it.
    """
    if settings.database_url is not None and settings.redis_url is not None:
        return settings
    try:
        running = find_running(settings.data_dir)
    except PermissionError as error:
        raise NothingRuns(f"{error.filename} is another account's. Run this command as that account.") from error
    if running is None:
        raise NothingRuns(
            f"Nothing runs in {settings.data_dir}. Start it with: python -m bot up; "
            "or set HUIYING_DATABASE_URL and HUIYING_REDIS_URL."
        )
    return replace(
        settings,
        database_url=settings.database_url or running.database_url,
        redis_url=settings.redis_url or running.redis_url,
    )
