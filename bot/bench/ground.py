"""The ground of a measurement: a data folder of its own, real servers in it, and processes of the house over them."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.db import UNREACHABLE, Pool, open_pool
from bot.demo import basics
from bot.embedded.program import Program, spawn, stop, tail
from bot.embedded.servers import Choice, Servers
from bot.migrations.run import upgrade
from bot.processes.parts import PART
from channels.accounts import Mode, WechatAccount

PLACE = Path("/tmp")  # noqa: S108 - short enough for sockets; the folder itself has a random name
ACCOUNTS = {
    mode: WechatAccount(mode.value, "wx0123456789abcdef", "bench-token", "0123456789" * 4 + "ABC", mode)
    for mode in (Mode.PLAIN, Mode.SAFE)
}
PATIENCE = 60.0
"""Seconds that a process may take to listen."""


class Ground:
    """Servers, a migrated database with the demo in it, and processes, for the length of a block.

    Args:
        standard: the standard to publish instead of the demo's.
        settings: more settings for PostgreSQL.
        accounts: a file of channel accounts instead of the one with two official accounts and a web page.
    """

    def __init__(self, *, standard: str = "", settings: Mapping[str, str] | None = None, accounts: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="huiying-bench-", dir=PLACE))
        self.servers = Servers(self.folder, Choice(settings=settings or {}))
        self._standard = standard
        self._accounts = accounts or _accounts()
        self._stack = AsyncExitStack()
        self._running: dict[asyncio.subprocess.Process, Program] = {}

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            await stack.enter_async_context(self.servers)
            stack.push_async_callback(self._stop_all)
            await upgrade(self.servers.database_url)
            self.pool: Pool = await open_pool(self.servers.database_url, size=4, application="bench")
            stack.callback(self.pool.terminate)
            await basics.load(self.pool, self.folder)
            if self._standard:
                await self.pool.execute(basics.SQL["add_standard"], "", self._standard)
            self._configuration.write_text(self._accounts, encoding="utf-8")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def start(self, *words: str, port: int | None = None) -> asyncio.subprocess.Process:
        """Start a part, such as ``web``, or a module of ours, and wait until it listens where it has a port.

        Raises:
            RuntimeError: it ended, or does not listen in time.
        """
        name = words[0].rpartition(".")[2]
        program = Program(name, (sys.executable, "-m", *_module(words)), self.environment(port), self._log(name))
        process = await spawn(program)
        self._running[process] = program
        if port is not None and not await _listens(process, port):
            raise RuntimeError(f"{name} does not listen. It said:\n{tail(program.log)}")
        return process

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """End a process that ``start`` gave."""
        await stop(process, self._running.pop(process))

    def said(self, name: str) -> str:
        """The end of what a process of ours has logged."""
        return tail(self._log(name))

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What a process of ours finds its way by."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYING_")}
        return ours | {
            "HUIYING_DATABASE_URL": self.servers.database_url,
            "HUIYING_REDIS_URL": self.servers.redis_url,
            "HUIYING_DATA_DIR": str(self.folder),
            "HUIYING_CONFIG": str(self._configuration),
            "HUIYING_SECRET_KEY": "of-a-measurement-only",
            "HUIYING_PORT": str(port or 8080),
        }

    async def _stop_all(self) -> None:
        for process in list(self._running):
            await self.stop(process)

    @property
    def _configuration(self) -> Path:
        return self.folder / "accounts.toml"

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def until_none(pool: Pool, statement: str, *args: object, patience: float) -> None:
    """Wait until a statement counts nothing, so many seconds at most; PostgreSQL may be away meanwhile."""
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while await _counted(pool, statement, *args):  # noqa: ASYNC110 - other processes work on it
                await asyncio.sleep(0.2)


async def _counted(pool: Pool, statement: str, *args: object) -> int:
    try:
        found: int = await pool.fetchval(statement, *args)
    except UNREACHABLE:
        return 1
    return found


def _module(words: tuple[str, ...]) -> tuple[str, ...]:
    """A part starts as below a supervisor: without what other commands need, which takes as long again to import."""
    return words if words[0].startswith("bot.") else (PART, *words, str(os.getpid()))


def _accounts() -> str:
    lines = ["[web.demo]"]
    for account in ACCOUNTS.values():
        lines += [f"[wechat.{account.name}]", f'app_id = "{account.app_id}"', f'token = "{account.token}"']
        lines += [f'encoding_aes_key = "{account.encoding_aes_key}"'] if account.mode is Mode.SAFE else []
        lines += [f'mode = "{account.mode}"']
    return "\n".join(lines)


async def _listens(process: asyncio.subprocess.Process, port: int) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while process.returncode is None:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    return True
                await asyncio.sleep(0.05)
    return False
