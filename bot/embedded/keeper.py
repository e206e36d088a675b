"""A keeper holds one program running: when it ends unasked, it is started again, after a pause that grows."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress

import structlog

from bot.embedded.errors import ServerFailed
from bot.embedded.program import Program, end_group, spawn, stop, tail

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
STEADY = 10.0
"""Seconds of running after which the next pause is a short one again."""

Step = Callable[[], Coroutine[None, None, None]]

log = structlog.get_logger()


async def _at_once() -> None:
    """Nothing to wait for."""


class Keeper:
    """Runs a program from ``start`` to ``stop``.

    Args:
        program: what to run.
        clear: makes the place clean before each start, such as by ending what an earlier run left.
        ready: returns when the program takes work.
    """

    def __init__(self, program: Program, *, clear: Step = _at_once, ready: Step = _at_once) -> None:
        self.program = program
        self.starts = 0
        """How often the program has become ready."""
        self._clear = clear
        self._ready = ready
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The running process; None between an end and the next start."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def kill(self) -> None:
        """End the program as a fault would, with SIGKILL; it is started again."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def start(self) -> None:
        """Start the program and return when it is ready; this first start is tried once.

        Raises:
            ServerFailed: it does not become ready.
        """
        try:
            await self._start()
        except BaseException:
            await self._end()
            raise
        self._keeping = asyncio.create_task(self._keep(), name=f"keep.{self.program.name}")

    async def stop(self) -> None:
        """End the program for good."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait((self._keeping,))
        await self._end()

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            started = loop.time()
            if self._process is not None:
                code = await self._process.wait()
                end_group(self._process)
                log.warning("program.ended", program=self.program.name, code=code)
            pause = FIRST_PAUSE if loop.time() - started > STEADY else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)
            try:
                await self._start()
            except Exception as error:
                await self._end()
                log.exception("program.failed", program=self.program.name, reason=str(error))

    async def _start(self) -> None:
        name = self.program.name
        await self._clear()
        try:
            self._process = await spawn(self.program)
        except OSError as error:
            raise ServerFailed(f"{name} cannot be started: {error}") from error
        waiting = asyncio.create_task(self._process.wait())
        getting_ready = asyncio.create_task(self._ready())
        try:
            await asyncio.wait(
                (waiting, getting_ready), timeout=self.program.patience, return_when=asyncio.FIRST_COMPLETED
            )
            if waiting.done():
                raise ServerFailed(f"{name} ended with code {waiting.result()}. {self._said()}".strip())
            if not getting_ready.done():
                raise ServerFailed(f"{name} was not ready after {self.program.patience:.0f} s. {self._said()}".strip())
            await getting_ready
        finally:
            waiting.cancel()
            getting_ready.cancel()
            await asyncio.wait((waiting, getting_ready))
        self.starts += 1
        log.info("program.ready", program=name, pid=self._process.pid)

    def _said(self) -> str:
        said = tail(self.program.log)
        return f"It said:\n{said}" if said else ""

    async def _end(self) -> None:
        if self._process is not None:
            await stop(self._process, self.program)
            self._process = None
