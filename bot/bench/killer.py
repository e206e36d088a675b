"""Kills processes at random and has them started again; the same seed kills in the same order."""

import asyncio
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from bot.bench.ground import Ground

OURS = {"web": "web", "worker": "worker"}
SERVERS = ("postgres", "redis")
LONGEST_REST = 2.0
"""Seconds that a process of ours may stay down; the servers' supervisor starts them again by itself."""

STARTS = 5
"""How often a process is started that ends before it is ready."""


class Killer:
    """Runs the house's processes and kills them.

    Args:
        ground: where they run.
        chance: decides who is killed and for how long.
        ours: the command that each of our processes runs, by name.
        servers: which of the servers may be killed.
        port: where ``web`` listens.
    """

    def __init__(
        self,
        ground: Ground,
        chance: Random,
        *,
        ours: Mapping[str, str],
        servers: Sequence[str],
        port: int | None = None,
    ) -> None:
        self._ground = ground
        self._chance = chance
        self._ours = ours
        self._servers = servers
        self._port = port
        self._processes: dict[str, Process] = {}
        self._restarts: set[asyncio.Task[None]] = set()
        self.killed: Counter[str] = Counter()
        self.fallen: list[str] = []
        """What the processes said that ended although nobody had killed them."""

    async def start(self) -> None:
        """Start the house's processes."""
        for name in self._ours:
            await self._start(name)

    def kill(self) -> None:
        """Kill one of those that run now."""
        victim, rest = self._chance.choice((*self._ours, *self._servers)), self._chance.uniform(0, LONGEST_REST)
        if victim in self._servers:
            if victim in self._ground.servers.pids:
                self._ground.servers.kill(victim)
                self.killed[victim] += 1
        elif (process := self._processes.pop(victim, None)) is not None:
            if process.returncode is None:
                process.kill()
                self.killed[victim] += 1
            else:
                self._note(victim, process)
            restart = asyncio.create_task(self._later(victim, process, rest), name=f"restart.{victim}")
            self._restarts.add(restart)

    async def all_up(self) -> None:
        """Return when everything that was killed runs again. Raises: RuntimeError where something does not."""
        await asyncio.gather(*self._restarts)
        for name, process in self._processes.items():
            if process.returncode is not None:
                self._note(name, process)
        while len(self._ground.servers.pids) < len(SERVERS):  # noqa: ASYNC110 - another's processes
            await asyncio.sleep(0.1)

    def _note(self, name: str, process: Process) -> None:
        self.fallen.append(
            f"{name} ended by itself with code {process.returncode}: {self._ground.said(self._ours[name])}"
        )

    async def _later(self, name: str, process: Process, rest: float) -> None:
        await self._ground.stop(process)
        await asyncio.sleep(rest)
        await self._start(name)

    async def _start(self, name: str) -> None:
        command = self._ours[name]
        port = self._port if command == "web" else None
        for left in reversed(range(STARTS)):
            try:
                self._processes[name] = await self._ground.start(command, port=port)
            except RuntimeError as error:
                if not left:
                    raise
                self.fallen.append(str(error))
            else:
                return
