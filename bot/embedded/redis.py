"""A Redis of our own: its configuration, how it is run, when it is ready."""

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.embedded import strays
from bot.embedded.account import Account
from bot.embedded.binaries import RedisServer
from bot.embedded.folders import Folders
from bot.embedded.keeper import Keeper
from bot.embedded.pg import environment
from bot.embedded.program import Program

NAME = "redis"
STOPS = ((signal.SIGTERM, 5.0),)
CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{folder}"
databases 64
daemonize no
supervised no
set-proc-title no
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""
_PAUSE = 0.02
"""Seconds between two looks whether the server answers."""


def keeper(redis: RedisServer, folders: Folders, account: Account | None) -> Keeper:
    """Keeps Redis running.

    Args:
        redis: the server to run.
        folders: where everything is.
        account: whom to run as.

    Raises:
        OSError: the configuration cannot be written.
    """
    configuration = _configure(folders, account)
    program = Program(
        name=NAME,
        argv=(str(redis.file), str(configuration)),
        environment=environment(),
        log=folders.logs / "redis.log",
        account=account,
        stops=STOPS,
    )

    async def clear() -> None:
        await end_strays(folders)

    async def ready() -> None:
        await _ready(folders.sockets)

    return Keeper(program, clear=clear, ready=ready)


def redis_url(sockets: Path) -> str:
    """The URL of our own Redis."""
    return f"unix://{_socket(sockets)}?db=0"


async def end_strays(folders: Folders) -> None:
    """End a Redis that an earlier run left over these data."""
    configuration = str(_configuration(folders))

    def is_server(words: Sequence[str]) -> bool:
        return Path(words[0]).name == "redis-server" and words[1:2] == [configuration]

    await strays.end(is_server, STOPS)


def _configuration(folders: Folders) -> Path:
    return folders.redis / "redis.conf"


def _configure(folders: Folders, account: Account | None) -> Path:
    file = _configuration(folders)
    text = CONFIGURATION.format(socket=_socket(folders.sockets), folder=_quoted(folders.redis))
    file.write_text(text, encoding="utf-8")
    if account is not None:
        os.chown(file, account.uid, account.gid, follow_symlinks=False)
    return file


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _socket(sockets: Path) -> Path:
    return sockets / "redis.sock"


async def _ready(sockets: Path) -> None:
    """Wait until the server has loaded its data."""
    async with Redis.from_url(redis_url(sockets), retry=Retry(NoBackoff(), 0), socket_timeout=5) as client:
        while True:
            try:
                await client.ping()
            except (RedisError, OSError):
                await asyncio.sleep(_PAUSE)
            else:
                return
