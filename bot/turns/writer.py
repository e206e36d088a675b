"""The writer: everything that is taken in goes through here, and whoever brought it is told what came of it.

take, act, fire … → Lanes ── flights ──→ one transaction → commit
                                              ↓
                      receipts, remembered contacts, index, queues, bus
"""

import asyncio
from collections.abc import Callable
from secrets import token_hex
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from bot.customers.proofs import Proofs
from bot.db import Connection, Pool
from bot.doors.known import PASSIVE
from bot.lru import Lru
from bot.turns.aftermath import Aftermath
from bot.turns.batch import Batch, Blocks, Outcome
from bot.turns.flights import Flights
from bot.turns.lanes import Lanes
from bot.turns.memory import Memory
from bot.turns.turn import Delivery, FiredDeadline, Target, Turn
from bot.turns.understand import Understanding
from channels.door import Busy, Inbound, Receipt
from router.events import AgentAct, Arrived, Event, Fired, Found, Rebased, Said, SurveyDue, Undelivered
from router.world import World

MOST_WAITING = 5_000
REMEMBERED = 20_000
"""Receipts kept in memory."""
UNHEARD = "unheard"
"""The error of an offer that no HTTP body could carry."""


class Writer:
    """Everything that changes contacts, conversations, deadlines and the outbox goes through here.

    Args:
        pool: connections to PostgreSQL, best its own (ADR 40).
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
        self._most_waiting = most_waiting
        self._world = world
        self._understanding = understanding
        self._aftermath = aftermath
        self._pushes = pushes
        self._lanes = Lanes()
        self._flights = Flights(pool, self._lanes, self._batch, self._settle, self._give_up)
        self._under_way: dict[tuple[Target, str], Turn] = {}
        self._receipts: Lru[tuple[Target, str], Receipt] = Lru(REMEMBERED)
        self._memory = memory or Memory()
        self._proofs = proofs or Proofs(token_hex(32))
        self._subscribed = subscribed
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
        self._flights.fulfil(outbox_id)

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
        self._flights.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what has been taken in, then stop."""
        await self._flights.end(lambda: bool(self._under_way))

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
            self._flights.wake()

        self._understanding.ask(event.text, answer)

    def _enter(self, turn: Turn) -> asyncio.Future[Receipt]:
        return self._add(turn).wait(asyncio.get_running_loop())

    def _add(self, turn: Turn) -> Turn:
        """Put a turn in its lane; returns the one that is under way in its name."""
        entered = self._under_way.setdefault((turn.target, turn.source_id), turn)
        if entered is turn:
            self._lanes.add(turn)
            self._flights.wake()
        return entered

    def _mark(self, target: Target, source_id: str, outbox_id: int) -> None:
        """Write down that nobody was there for an offer, ahead of any retry: it comes in the same lane."""
        self._receipts.drop((target, source_id))
        event = Undelivered("", UNHEARD, unsure=False)
        turn = Turn(target, f"delivery:{outbox_id}:0:offered", event, asyncio.get_running_loop().time())
        turn.delivery = Delivery(outbox_id, 0, "offered", error=UNHEARD)
        self._add(turn)

    # What follows ---------------------------------------------------------------------------------------------------

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

    def _give_up(self, turn: Turn, error: Exception) -> None:
        self._under_way.pop((turn.target, turn.source_id), None)
        turn.fail(error)
