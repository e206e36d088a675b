"""The writer: takes what has queued since the last commit returned and writes it in one transaction.

    take → Lanes ── natural batches, at most two in flight ──→ Batch in one transaction → commit
             ↑                                                          ↓
             └── turns of a contact that another flush holds    receipts, index, queues, bus

Batching needs no timer: while one flush is on its way to the disk, the next gathers. A second flush starts only when
enough turns wait for it to be worth its round trips.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from secrets import token_hex
from types import TracebackType
from typing import Self

import structlog
from msgspec.structs import replace

from bot import metrics
from bot.customers.proofs import Proofs
from bot.db import UNREACHABLE, Connection, Pool
from bot.doors.known import PASSIVE
from bot.lru import Lru
from bot.sql import load
from bot.turns.addresses import Addresses
from bot.turns.aftermath import Aftermath
from bot.turns.batch import Batch, Blocks, Outcome
from bot.turns.lanes import Lanes
from bot.turns.memory import Memory
from bot.turns.turn import Delivery, FiredDeadline, Target, Turn
from bot.turns.understand import Understanding
from channels.door import Busy, Inbound, Receipt
from router.events import AgentAct, Arrived, Event, Fired, Found, Rebased, Said, Stumbled, SurveyDue, Undelivered
from router.world import World

SQL = load(__file__, "turns.sql")
FLIGHTS = 2
"""Transactions under way at once, at the most."""
LARGEST_BATCH = 500
PER_CONTACT = 20
"""Turns of one contact in one batch at the most, so that a flood does not crowd out the others."""
WORTH_A_SECOND = 96
"""Waiting turns that make a second flush in flight worth its round trips."""
MOST_WAITING = 5_000
OLDEST = 4.0
"""Seconds that a turn may wait before its sender is told to come back."""
REMEMBERED = 20_000
"""Receipts kept in memory."""
NOTED_WITHIN = 0.2
"""Seconds after which a written body is noted at the latest, where no turn takes the note along."""
UNHEARD = "unheard"
"""The error of an offer that no HTTP body could carry."""

log = structlog.get_logger()


class Writer:
    """Everything that changes contacts, conversations, deadlines and the outbox goes through here.

    Args:
        pool: connections to PostgreSQL, ``FLIGHTS`` of them and best its own (ADR 40).
        world: gives the present snapshot of standard, knowledge and staffing.
        understanding: matches questions.
        aftermath: what follows a commit.
        pushes: names of the channels whose messages go through the outbox.
        most_waiting: turns under way beyond which a sender is told to come back.
        memory: remembers contacts from one batch to the next.
        proofs: makes proofs of identity and one-time codes; without it no telephone number can be bound.
        subscribed: gives what somebody is told of by webhooks; where that is nothing, nothing is written for it.
    """

    def __init__(
        self,
        pool: Pool,
        world: Callable[[], World],
        understanding: Understanding,
        aftermath: Aftermath,
        pushes: frozenset[str],
        *,
        most_waiting: int = MOST_WAITING,
        memory: Memory | None = None,
        proofs: Proofs | None = None,
        subscribed: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._pool = pool
        self._most_waiting = most_waiting
        self._world = world
        self._understanding = understanding
        self._aftermath = aftermath
        self._pushes = pushes
        self._lanes = Lanes()
        self._spare: list[Blocks] = []
        self._wake = asyncio.Event()
        self._flights: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None
        self._under_way: dict[tuple[Target, str], Turn] = {}
        self._receipts: Lru[tuple[Target, str], Receipt] = Lru(REMEMBERED)
        self._addresses = Addresses()
        self._memory = memory or Memory()
        self._proofs = proofs or Proofs(token_hex(32))
        self._subscribed = subscribed
        self._fulfilled: list[int] = []
        self._shared: Lru[int, bool] = Lru(REMEMBERED)
        """Offers that several requests were given at once: none of them knows whether another's body was written."""

    # What comes in ------------------------------------------------------------------------------------------------

    async def take(self, inbound: Inbound) -> Receipt:
        """Take an event of a door; returns when it is committed.

        Raises:
            Busy: it could not be stored now.
        """
        event = inbound.event
        key = (inbound.address, inbound.source_id)
        if (earlier := self._receipts.get(key)) is not None:
            return replace(earlier, repeated=True)
        if (twin := self._under_way.get(key)) is not None:
            return await twin.wait(asyncio.get_running_loop())
        turn = self._turn(inbound.address, inbound.source_id, event)
        turn.passive = inbound.address.channel in PASSIVE
        turn.name = inbound.name
        turn.language = inbound.language
        turn.voucher, turn.cursor = inbound.voucher, inbound.cursor
        if isinstance(event, Said):
            self._match(turn, event)
        return await self._enter(turn)

    async def act(self, contact_id: int, source_id: str, act: AgentAct) -> Receipt:
        """Take an act of a person at the desk, or of the assignment on their behalf."""
        return await self._enter(self._turn(contact_id, source_id, act))

    def fire(self, contact_id: int, claim: FiredDeadline) -> "asyncio.Future[Receipt]":
        """Take the claim of a clock; it changes nothing where the ledger says otherwise. Raises: Busy."""
        source_id = f"fire:{claim.id}:{claim.generation}:{claim.step}"
        turn = self._turn(contact_id, source_id, Fired("", "", 0, 0, 0))
        turn.deadline = claim
        return self._add(turn).wait(asyncio.get_running_loop())

    async def survey_due(self, contact_id: int, event: SurveyDue, source_id: str) -> Receipt:
        """Take the request of the job that sends surveys."""
        return await self._enter(self._turn(contact_id, source_id, event))

    async def rebase(self, contact_id: int, event: Rebased, edition: int) -> Receipt:
        """Have a record measured by another edition of the standard."""
        source_id = f"rebase:{edition}:{event.subject}:{event.subject_id}"
        return await self._enter(self._turn(contact_id, source_id, event))

    async def measure(self, contact_id: int, event: Rebased, change: str) -> Receipt:
        """Have a record measured whose marks are set elsewhere, once for each change."""
        source_id = f"measure:{event.subject}:{event.subject_id}:{change}"
        return await self._enter(self._turn(contact_id, source_id, event))

    async def delivered(self, contact_id: int, delivery: Delivery, event: Undelivered | Arrived) -> Receipt:
        """Take the outcome of a try to send an outbox row."""
        turn = self._turn(contact_id, f"delivery:{delivery.outbox_id}:{delivery.attempt}:{delivery.state}", event)
        turn.delivery = delivery
        return await self._enter(turn)

    def fulfil(self, outbox_id: int) -> None:
        """The HTTP body of this offered reply has been written; noted with the next flush."""
        self._fulfilled.append(outbox_id)
        if len(self._fulfilled) == 1:
            asyncio.get_running_loop().call_later(NOTED_WITHIN, self._wake.set)

    def missed(self, inbound: Inbound, outbox_id: int) -> None:
        """No HTTP body could carry this offered reply: it is pushed when its time comes, unless a retry takes it.

        A retry has to look into the database, which takes the mark away before a body is written: whatever is killed,
        an offer with this mark has reached nobody (ADR 16).
        """
        if self._shared.get(outbox_id) is None:
            self._mark(inbound.address, inbound.source_id, outbox_id)

    def __len__(self) -> int:
        """How many turns wait for a flush."""
        return len(self._lanes)

    def oldest(self) -> float:
        """Age of the oldest waiting turn in seconds, 0 where none waits."""
        oldest = self._lanes.oldest()
        return 0.0 if oldest is None else asyncio.get_running_loop().time() - oldest

    # Its life -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run(), name="writer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what has been taken in, then stop."""
        loop = asyncio.get_running_loop()
        end = loop.time() + OLDEST
        while (self._under_way or self._fulfilled) and loop.time() < end:
            self._wake.set()
            await asyncio.sleep(0.02)
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        for flight in list(self._flights):
            flight.cancel()

    def _turn(self, target: Target, source_id: str, event: Event) -> Turn:
        if len(self._under_way) >= self._most_waiting:
            raise Busy
        return Turn(target, source_id, event, asyncio.get_running_loop().time())

    def _match(self, turn: Turn, event: Said) -> None:
        found = self._understanding.known(event.text) if not event.choice else event.found
        if found is not None:
            turn.event = replace(event, found=found) if found.entries else event
            return
        turn.ready = False

        def answer(found: Found) -> None:
            turn.event = replace(event, found=found)
            self._lanes.woken(turn)
            self._wake.set()

        self._understanding.ask(event.text, answer)

    def _enter(self, turn: Turn) -> asyncio.Future[Receipt]:
        return self._add(turn).wait(asyncio.get_running_loop())

    def _add(self, turn: Turn) -> Turn:
        """Put a turn in its lane; returns the one that is under way in its name."""
        entered = self._under_way.setdefault((turn.target, turn.source_id), turn)
        if entered is turn:
            self._lanes.add(turn)
            self._wake.set()
        return entered

    def _mark(self, target: Target, source_id: str, outbox_id: int) -> None:
        """Write down that nobody was there for an offer, ahead of any retry: it comes in the same lane."""
        self._receipts.drop((target, source_id))
        event = Undelivered("", UNHEARD, unsure=False)
        turn = Turn(target, f"delivery:{outbox_id}:0:offered", event, asyncio.get_running_loop().time())
        turn.delivery = Delivery(outbox_id, 0, "offered", error=UNHEARD)
        self._add(turn)

    # Flushing -----------------------------------------------------------------------------------------------------

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
        return not self._flights or (len(self._flights) < FLIGHTS and len(self._lanes) >= WORTH_A_SECOND)

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

    def _batch(self, connection: Connection, blocks: Blocks) -> Batch:
        return Batch(connection, self._world(), blocks, self._pushes, self._memory, self._proofs, self._subscribed())

    def _settle(self, outcome: Outcome) -> None:
        for where in outcome.standings:
            self._memory.keep(where, outcome.writing)
        self._aftermath.committed(outcome.rows)
        for turn, receipt in outcome.receipts:
            key = (turn.target, turn.source_id)
            self._under_way.pop(key, None)
            if turn.by_customer:
                self._receipts.put(key, receipt)
            told = turn.settle(receipt)
            if told != 1 and turn.passive and receipt.outbox_id is not None:
                self._unusual(turn, receipt.outbox_id, told)

    def _unusual(self, turn: Turn, outbox_id: int, told: int) -> None:
        """An offer was given to no request, or to several."""
        if told:
            self._shared.put(outbox_id, True)
        else:
            self._mark(turn.target, turn.source_id, outbox_id)

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

    def _give_up(self, turn: Turn, error: Exception) -> None:
        self._under_way.pop((turn.target, turn.source_id), None)
        turn.fail(error)


def _storable(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
