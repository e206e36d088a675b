"""A bad network before a server: connections are sliced, reset or swallowed, by a seed that plays them again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

CHUNK = 65_536


class Fate(StrEnum):
    """What happens to a connection."""

    CLEAN = "clean"
    SLICED = "sliced"
    """Its bytes come a few at a time."""
    RESET = "reset"
    """It is cut after so many bytes of either side."""
    SWALLOWED = "swallowed"
    """After so many bytes nothing arrives any more, and neither side is told: it is half open."""


FATES = (Fate.CLEAN, Fate.SLICED, Fate.RESET, Fate.RESET, Fate.SWALLOWED)
MOST_BYTES = 3_000
"""Bytes after which a connection is cut or swallowed at the latest."""


@dataclass(eq=False)
class Line:
    """One connection through the network."""

    fate: Fate
    left: int
    """Bytes that still get through, both directions together."""
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    def cut(self) -> None:
        """Cut both sides off."""
        for end in self.ends:
            end.transport.abort()


@dataclass
class Network:
    """Carries connections to a server on this machine.

    Args:
        to: the server's port.
        chance: draws the fate of each connection.
    """

    to: int
    chance: Random
    fates: tuple[Fate, ...] = FATES
    lines: set[Line] = field(default_factory=set)
    met: dict[Fate, int] = field(default_factory=dict)
    """How many connections had which fate."""
    port: int = 0

    def heal(self) -> None:
        """Carry everything from now on, and end what was swallowed, as a phone that changes its network does."""
        self.fates = (Fate.CLEAN,)
        for line in list(self.lines):
            if line.fate is not Fate.CLEAN:
                line.cut()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to its end."""
        line = Line(self.chance.choice(self.fates), self.chance.randrange(MOST_BYTES))
        self.met[line.fate] = self.met.get(line.fate, 0) + 1
        self.lines.add(line)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
            line.ends = [writer, far_writer]
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pass(line, reader, far_writer))
                tasks.create_task(self._pass(line, far_reader, writer))
        except* OSError:
            pass
        finally:
            line.cut()
            self.lines.discard(line)

    async def _pass(self, line: Line, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(self._size(line)):
            line.left -= len(piece)
            if line.left < 0 and line.fate is Fate.RESET:
                line.cut()
                return
            if line.left < 0 and line.fate is Fate.SWALLOWED:
                continue
            target.write(piece)
            await target.drain()
            if line.fate is Fate.SLICED:
                await asyncio.sleep(0)
        line.cut()

    def _size(self, line: Line) -> int:
        return self.chance.randint(1, 40) if line.fate is Fate.SLICED else CHUNK


@asynccontextmanager
async def bad_network(to: int, seed: int) -> AsyncIterator[Network]:
    """A network before a server, for the length of the block."""
    network = Network(to, Random(seed))
    server = await asyncio.start_server(network.carry, "127.0.0.1", 0)
    network.port = server.sockets[0].getsockname()[1]
    try:
        yield network
    finally:
        server.close()
        for line in list(network.lines):
            line.cut()
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await server.wait_closed()
