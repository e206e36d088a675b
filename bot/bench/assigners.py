"""One assigner of a measurement, or one caller of an empty script.

Run as ``python -m bot.bench.assigners assign``, ``… claim WAITING AGENTS`` or ``… empty``.
It says on standard output what it did, one JSON document; what it needs to know comes from the environment.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct, json

from bot import logs, loop
from bot.house import open_house
from bot.queues.assigner import MOST, Assigner
from bot.queues.leases import Leases
from bot.settings import Settings, read
from bot.wire import Wire
from router.assignment import Needs, Seat, Waiting, assign

EMPTY = "return 0"
SECONDS = 3.0
"""How long the empty script is called."""
PAUSE = 0.02
"""Seconds after a round without a chat."""
TURN = 0.002
"""Seconds after which an assigner looks again whether it is its turn."""
WAITS = "SELECT EXISTS (SELECT 1 FROM conversations WHERE status = 'queued')"


class Done(Struct):
    """What a process did, and how long it took."""

    count: int
    seconds: float


async def empty(settings: Settings) -> Done:
    """Call a script that does nothing, one call after another."""
    async with Wire(str(settings.redis_url)) as wire:
        script = wire.redis.register_script(EMPTY)
        await script()
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < SECONDS:
            await script()
            count += 1
        return Done(count, time.perf_counter() - began)


async def claim(settings: Settings, waiting: int, agents: int) -> Done:
    """Decide about a whole crowd, round by round as an assigner does, and lease what was decided."""
    chats, seats = crowd(waiting, agents, Random(1))  # noqa: S311 - a load, not a secret
    given = 0
    async with Wire(str(settings.redis_url)) as wire:
        leases = Leases(wire)
        began = time.perf_counter()
        while chats:
            seen = await leases.begin()
            if seen is None:
                await asyncio.sleep(TURN)  # An assigner whose turn it is not rests, and for longer.
                continue
            pairs = assign(chats[:MOST], seats)
            claimed = await leases.claim(pairs, {seat.agent: waiting for seat in seats}, seen)
            await leases.settle(claimed, [])
            given += len(claimed)
            chats = chats[MOST:]
        return Done(given, time.perf_counter() - began)


async def work(settings: Settings) -> Done:
    """Assign until nobody waits."""
    async with open_house(settings, answers=False) as house:
        assigner = Assigner(house.pool, house.wire, house.bus, house.writer, lambda: house.snapshot.world.routing)
        began, given = time.perf_counter(), 0
        while await house.pool.fetchval(WAITS):
            found = await assigner.round()
            given += found
            await asyncio.sleep(0 if found else PAUSE)
        return Done(given, time.perf_counter() - began)


def crowd(waiting: int, agents: int, chance: Random) -> tuple[list[Waiting], list[Seat]]:
    """So many chats and people; a third of the chats requires a skill that every other agent has."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    seats = [
        Seat(number, frozenset({"broadband"} if number % 2 else ()), waiting, since + timedelta(seconds=number))
        for number in range(agents)
    ]
    chats = [
        Waiting(chance.getrandbits(60), Needs(chance.choice(("web", "wechat")), _required(number)))
        for number in range(waiting)
    ]
    chance.shuffle(chats)
    return chats, seats


def _required(number: int) -> frozenset[str]:
    return frozenset({"broadband"} if number % 3 == 0 else ())


def main(words: list[str]) -> None:
    """Run one process of the measurement."""
    logs.configure()
    settings = read()
    match words:
        case ["empty"]:
            done = loop.run(empty(settings))
        case ["claim", waiting, agents]:
            done = loop.run(claim(settings, int(waiting), int(agents)))
        case ["assign"]:
            done = loop.run(work(settings))
        case _:
            sys.exit(__doc__)
    sys.stdout.buffer.write(json.encode(done))


if __name__ == "__main__":
    main(sys.argv[1:])
