"""The web process on a port of its own, which a test kills: what it imports is imported once and forked from."""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import aiohttp

from bot.cli import main


@dataclass
class Web:
    """The process and where it answers."""

    database_url: str
    redis_url: str
    folder: Path
    port: int
    process: ForkServerProcess | None = None
    _forked: ForkServerContext = field(default_factory=lambda: get_context("forkserver"))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        self._forked.set_forkserver_preload(["tests.browser.killed"])
        self.process = self._forked.Process(target=_serve, args=(self._environment(),))
        await asyncio.to_thread(self.process.start)
        async with asyncio.timeout(180), aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"{self.url}/healthz"):
                        return
                except aiohttp.ClientError:
                    assert self.process.is_alive()
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """Kill it as the machine's want of memory would."""
        if self.process is not None and self.process.is_alive():
            self.process.kill()
            await asyncio.to_thread(self.process.join)

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYING_")}
        return ours | {
            "HUIYING_DATABASE_URL": self.database_url,
            "HUIYING_REDIS_URL": self.redis_url,
            "HUIYING_DATA_DIR": str(self.folder),
            "HUIYING_SECRET_KEY": "of-a-test-only-0123",
            "HUIYING_PORT": str(self.port),
        }


def _serve(environment: dict[str, str]) -> None:
    """``python -m bot web`` in this process."""
    os.environ.clear()
    os.environ.update(environment)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.argv = ["bot", "web"]
    main()
