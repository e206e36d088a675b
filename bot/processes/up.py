"""Everything on one machine: servers of our own where none are named, the demo, and all parts."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.config.values import wrong
from bot.db import open_pool
from bot.demo import basics
from bot.demo.basics import LogIn
from bot.embedded import pg, redis
from bot.embedded.runfile import Running, announced
from bot.embedded.servers import Choice, Servers
from bot.embedded.together import together
from bot.migrations.run import upgrade
from bot.processes.parts import end_leftovers, parts
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Ready:
    """What a person wants to know once everything runs."""

    base_url: str
    chat: str
    """The address of the customers' chat page; empty where no web account has one."""
    desk: str
    logins: tuple[LogIn, ...]


async def up(settings: Settings, announce: Callable[[Ready], None]) -> None:
    """Run everything until SIGINT or SIGTERM, or SIGHUP where nobody has us ignore it.

    Args:
        settings: what the operator has chosen.
        announce: called once when everything is ready.

    Raises:
        SettingsError: the port is taken or the address is not ours.
        EmbeddedError: a server or a part cannot run.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ``nohup`` asks to outlive the terminal.
        loop.add_signal_handler(signal.SIGHUP, stop.set)
    running = asyncio.create_task(_run(settings, announce))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    stopping.cancel()
    await asyncio.wait((running,))
    if not running.cancelled():
        running.result()


async def _run(settings: Settings, announce: Callable[[Ready], None]) -> None:
    await end_leftovers(settings.data_dir)
    _require_free_port(settings)
    async with own_servers(settings) as connected:
        await upgrade(str(connected.database_url))
        logins = await _demo(connected) if connected.demo else ()
        keepers = parts(connected, os.environ)
        running = Running(os.getpid(), settings.base_url, str(connected.database_url), str(connected.redis_url))
        try:
            with announced(settings.data_dir, running):
                await together(keeper.start() for keeper in keepers)
                announce(_ready(connected, logins))
                await asyncio.Event().wait()
        finally:
            await together(keeper.stop() for keeper in keepers)


@asynccontextmanager
async def own_servers(settings: Settings) -> AsyncIterator[Settings]:
    """Run the servers whose addresses are not set, and give the settings with both addresses.

    Raises:
        EmbeddedError: they cannot run, or someone else works in the data folder.
    """
    wanted = {pg.NAME} if settings.database_url is None else set()
    wanted |= {redis.NAME} if settings.redis_url is None else set()
    async with Servers(settings.data_dir, Choice(wanted=frozenset(wanted))) as servers:
        yield replace(
            settings,
            database_url=settings.database_url or servers.database_url,
            redis_url=settings.redis_url or servers.redis_url,
        )


async def _demo(settings: Settings) -> tuple[LogIn, ...]:
    pool = await open_pool(str(settings.database_url), size=2)
    try:
        return await basics.load(pool, settings.data_dir)
    finally:
        await pool.close()


def _ready(settings: Settings, logins: tuple[LogIn, ...]) -> Ready:
    base = settings.public_url or settings.base_url
    account = next(iter(settings.accounts.web), None)
    return Ready(
        base_url=base,
        chat=f"{base}/chat/{account}" if account is not None else "",
        desk=f"{base}/desk",
        logins=logins,
    )


def _require_free_port(settings: Settings) -> None:
    """Say at once, and clearly, what would otherwise keep the web process from starting."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise wrong("HOST", f"is {settings.host!r}, which is no address: {error.strerror}") from error
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise wrong("PORT", f"cannot be used, {where} is not free: {error.strerror}. Set another.") from error
