"""Flights: what waits in the lanes is taken batch by batch and written, each batch in one transaction.

    Lanes ── at most two flights ──→ Batch in one transaction → commit → settled
      ↑                                        │
      ├── turns of a contact that another flight holds
      ├── the database is away: again, while their senders may still wait
      └── one of them cannot be written: each alone, so that the others are not held up

Batching needs no timer: while one flight is on its way to the disk, the next gathers. A second one starts only when
enough turns wait for it to be worth its round trips.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from bot import metrics
from bot.db import UNREACHABLE, Connection, Pool
from bot.turns.addresses import Addresses
from bot.turns.batch import Batch, Blocks, Outcome
from bot.turns.lanes import Lanes
from bot.turns.turn import Target, Turn
from channels.door import Busy
from router.events import Said, Stumbled

AT_ONCE = 2
"""Transactions under way at once, at the most."""
LARGEST_BATCH = 500
PER_CONTACT = 20
"""Turns of one contact in one batch at the most, so that a flood does not crowd out the others."""
WORTH_A_SECOND = 96
"""Waiting turns that make a second flight worth its round trips."""
OLDEST = 4.0
"""Seconds that a turn may wait before its sender is told to come back."""
NOTED_WITHIN = 0.2
"""Seconds after which a written body is noted at the latest, where no turn takes the note along."""

log = structlog.get_logger()


class Flights:
    """Takes turns from the lanes to the disk.

    Args:
        pool: connections to PostgreSQL, ``AT_ONCE`` of them and best the writer's own (ADR 40).
        lanes: where turns wait.
        batch: makes the work of one transaction.
        settle: what follows a commit.
        give_up: tells whoever waits for a turn that it was not stored.
    """

    def __init__(
        self,
        pool: Pool,
        lanes: Lanes,
        batch: Callable[[Connection, Blocks], Batch],
        settle: Callable[[Outcome], None],
        give_up: Callable[[Turn, Exception], None],
    ) -> None:
        self._pool = pool
        self._lanes = lanes
        self._batch = batch
        self._settle = settle
        self._give_up = give_up
        self._addresses = Addresses()
        self._spare: list[Blocks] = []
        self._wake = asyncio.Event()
        self._flights: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None
        self._fulfilled: list[int] = []

    def wake(self) -> None:
        """Something waits in the lanes."""
        self._wake.set()

    def fulfil(self, outbox_id: int) -> None:
        """The HTTP body of this offered reply has been written; noted with the next flight."""
        self._fulfilled.append(outbox_id)
        if len(self._fulfilled) == 1:
            asyncio.get_running_loop().call_later(NOTED_WITHIN, self._wake.set)

    def begin(self) -> None:
        """Fly from now on."""
        self._running = asyncio.create_task(self._run(), name="writer")

    async def end(self, under_way: Callable[[], bool]) -> None:
        """Write what has been taken in, for ``OLDEST`` seconds at the most, then stop."""
        loop = asyncio.get_running_loop()
        end = loop.time() + OLDEST
        while (under_way() or self._fulfilled) and loop.time() < end:
            self._wake.set()
            await asyncio.sleep(0.02)
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        for flight in list(self._flights):
            flight.cancel()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(0)  # One more pass of the loop: what has just come in shares the commit.
            self._wake.clear()
            while self._worth_a_flight():
                turns = self._lanes.take(LARGEST_BATCH, per_contact=PER_CONTACT)
                fulfilled, self._fulfilled = self._fulfilled, []
                flight = asyncio.create_task(self._fly(turns, fulfilled))
                self._flights.add(flight)
                flight.add_done_callback(self._landed)

    def _worth_a_flight(self) -> bool:
        if not (self._lanes.runnable or self._fulfilled):
            return False
        return not self._flights or (len(self._flights) < AT_ONCE and len(self._lanes) >= WORTH_A_SECOND)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._wake.set()
        if not flight.cancelled() and (error := flight.exception()) is not None:
            log.critical("writer.broken", exc_info=error)

    async def _fly(self, turns: list[Turn], fulfilled: list[int]) -> None:
        began = asyncio.get_running_loop().time()
        try:
            outcome = await self._write(turns, fulfilled)
        except UNREACHABLE as error:
            log.warning("writer.database_away", turns=len(turns), error=type(error).__name__)
            self._fulfilled[:0] = fulfilled
            await self._come_back(turns)
        except Exception:
            log.exception("writer.batch_failed", turns=len(turns))
            self._fulfilled[:0] = fulfilled
            await self._one_by_one(turns)
        else:
            metrics.flushed([turn.arrived for turn in turns], began, asyncio.get_running_loop().time())
            self._settle(outcome)
            self._land(turns, outcome.skipped)

    async def _write(self, turns: Sequence[Turn], fulfilled: Sequence[int]) -> Outcome:
        blocks = (
            self._spare.pop() if self._spare else Blocks()
        )  # Each flight has its own: what it reserved stays there.
        try:
            async with self._pool.acquire() as connection:
                await self._addresses.resolve(turns, connection)
                await blocks.reserve(len(turns), connection)
                async with connection.transaction():
                    return await self._batch(connection, blocks).write(turns, fulfilled)
        finally:
            self._spare.append(blocks)

    def _land(self, turns: Sequence[Turn], back: list[Turn]) -> None:
        """Free the lanes of turns that are through; the others go back to the head of theirs."""
        returning = set(map(id, back))
        self._lanes.finished([turn for turn in turns if id(turn) not in returning])
        if back:
            self._lanes.back(back)
            asyncio.get_running_loop().call_later(0.005, self._wake.set)

    # When it does not go well -------------------------------------------------------------------------------------

    async def _come_back(self, turns: list[Turn]) -> None:
        """The database is away: try again while the senders may still wait, then tell them to come back."""
        now = asyncio.get_running_loop().time()
        late = [turn for turn in turns if now - turn.arrived > OLDEST]
        for turn in late:
            self._give_up(turn, Busy())
        await asyncio.sleep(0.2)
        self._lanes.finished(late)
        self._lanes.back([turn for turn in turns if now - turn.arrived <= OLDEST])

    async def _one_by_one(self, turns: list[Turn]) -> None:
        """Something in this batch cannot be written: find it, so that the others are not held up."""
        back: list[Turn] = []
        held: set[Target] = set()
        for turn in turns:
            if turn.target in held or not await self._alone(turn):
                held.add(turn.target)
                back.append(turn)
        self._land(turns, back)

    async def _alone(self, turn: Turn) -> bool:
        """Write one turn; False where it has to come again."""
        try:
            outcome = await self._write([turn], [])
        except UNREACHABLE:
            return False
        except Exception as error:
            return await self._poisoned(turn, error)
        self._settle(outcome)
        return not outcome.skipped

    async def _poisoned(self, turn: Turn, error: Exception) -> bool:
        """A turn that breaks the writer: a customer's words are stored bare and a person takes over."""
        event = turn.event
        if isinstance(event, Said):
            turn.event = Stumbled(_storable(event.text), event.kind, event.media)
            return await self._alone(turn)
        log.error("writer.turn_lost", event_kind=type(event).__name__, error=type(error).__name__)
        self._give_up(turn, error)
        return True


def _storable(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
