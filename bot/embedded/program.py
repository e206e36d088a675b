"""A program to run as a child process, and how to start, await and stop one."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals

from bot.embedded.account import Account

LARGEST_LOG = 10 * 1024 * 1024
"""Bytes; a larger log is put aside at the next start of its program."""
STANDARD_ERROR = 2
TAIL = 2_000
"""Bytes of a log that an error shows."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to end it."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    log: Path | None = None
    """Where its output goes; None: to our standard error."""
    account: Account | None = None
    """None: ourselves."""
    stops: tuple[tuple[Signals, float], ...] = ((signal.SIGTERM, 5.0),)
    """Signals that ask it to end, each with the seconds that it grants; SIGKILL follows."""
    patience: float = 60.0
    """Seconds that it may take to become ready."""


async def spawn(program: Program) -> asyncio.subprocess.Process:
    """Start a program in a session of its own, so that Ctrl+C reaches only its supervisor.

    Raises:
        OSError: it cannot be executed.
    """
    account = program.account
    log = _open_log(program.log)
    try:
        return await asyncio.create_subprocess_exec(
            *program.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(program.environment),
            start_new_session=True,
            user=account.uid if account is not None else None,
            group=account.gid if account is not None else None,
            extra_groups=[] if account is not None else None,
            cwd="/" if account is not None else None,
            umask=0o077 if account is not None else -1,
        )
    finally:
        if log != STANDARD_ERROR:
            os.close(log)


def _open_log(path: Path | None) -> int:
    if path is None:
        return STANDARD_ERROR
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".1"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def tail(path: Path | None) -> str:
    """The end of a program's log, for an error's message."""
    if path is None:
        return ""
    with suppress(OSError):
        return path.read_bytes()[-TAIL:].decode("utf-8", "replace").strip()
    return ""


async def stop(process: asyncio.subprocess.Process, program: Program) -> None:
    """Ask a process to end, at last force it, and wait until it has."""
    for asked, grace in program.stops:
        if await _ended(process, asked, grace):
            break
    else:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    end_group(process)


def end_group(process: asyncio.subprocess.Process) -> None:
    """Force what a process that has ended has left behind in its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def _ended(process: asyncio.subprocess.Process, asked: Signals, grace: float) -> bool:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.send_signal(asked)
    try:
        async with asyncio.timeout(grace):
            await process.wait()
    except TimeoutError:
        return False
    return True
