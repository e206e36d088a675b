"""The parts of a running Huiying as child processes: which there are, how each starts, when the web is ready."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bot.config.values import PREFIX
from bot.embedded import strays
from bot.embedded.keeper import Keeper
from bot.embedded.program import Program
from bot.embedded.runfile import find_killed
from bot.settings import Settings

PART = "bot.processes.part"
"""The module that a part runs."""
STOPS = ((signal.SIGTERM, 5.0),)
"""A part has 5 seconds to end what it is doing."""
_PAUSE = 0.05
"""Seconds between two looks whether the web answers."""


def parts(settings: Settings, environ: Mapping[str, str]) -> list[Keeper]:
    """The keepers of all parts.

    Args:
        settings: with the addresses of both servers.
        environ: what the parts inherit.
    """

    async def web_ready() -> None:
        await _answers(f"{settings.base_url}/healthz")

    environment = told(settings, environ)
    return [
        Keeper(_program("web", environment), ready=web_ready),
        Keeper(_program("worker", environment)),
        Keeper(_program("jobs", environment)),
    ]


def told(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a part: ours, with what the supervisor has settled."""
    settled = {
        "HOST": settings.host,
        "PORT": str(settings.port),
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "DEMO": "1" if settings.demo else "0",
    }
    hidden = {f"{PREFIX}{name}_FILE" for name in settled}
    inherited = {name: value for name, value in environ.items() if name not in hidden}
    return inherited | {f"{PREFIX}{name}": value for name, value in settled.items()}


def _program(name: str, environment: Mapping[str, str]) -> Program:
    return Program(
        name=name,
        argv=(sys.executable, "-m", PART, name, str(os.getpid())),
        environment=environment,
        stops=STOPS,
    )


async def end_leftovers(data_dir: Path) -> None:
    """End what a killed supervisor's parts have not ended yet by themselves, so that the port is free.

    Raises:
        ServerFailed: one does not end.
    """
    killed = find_killed(data_dir)
    if killed is None:
        return
    await strays.end(lambda words: words[2:3] == [PART] and words[-1] == str(killed.pid), STOPS)


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while True:
            try:
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(_PAUSE)
