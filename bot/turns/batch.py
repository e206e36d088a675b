"""One batch of turns in one transaction: lock, read, decide each in order, write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from msgspec.structs import replace

from bot.business.challenges import Challenges
from bot.customers.codes import Codes
from bot.customers.customers import ComeAgain, Customers
from bot.customers.joins import Joins
from bot.customers.proofs import Proofs
from bot.customers.siblings import Siblings
from bot.db import Connection
from bot.sql import load
from bot.subscriptions.tell import tell
from bot.turns import subjects
from bot.turns.behind import Behind
from bot.turns.carry import Carrier
from bot.turns.deeds import deed_of, named_by, overridden_by, sent_by
from bot.turns.deliveries import Deliveries
from bot.turns.hold import Hold
from bot.turns.ids import Ids
from bot.turns.ledgers import Ledgers
from bot.turns.matters import Matters
from bot.turns.memory import Memory
from bot.turns.place import Places
from bot.turns.rows import Rows
from bot.turns.saving import save
from bot.turns.standing import Standing, line
from bot.turns.states import States
from bot.turns.turn import Turn
from bot.turns.values import columns
from channels.door import Choice, Message, Receipt
from router import ledger
from router.decide import decide
from router.decision import Answered, Decision
from router.events import Bounced, Event, Kind, Said, Stumbled
from router.world import World

SQL = load(__file__, "turns.sql")
log = structlog.get_logger()


LINES = 16
"""Deadlines that one turn may arm: a grave complaint and its ticket have so many clauses."""


@dataclass(slots=True)
class Blocks:
    """Ids reserved for the rows of a batch."""

    conversations: Ids = field(default_factory=lambda: Ids("conversation_ids"))
    deadlines: Ids = field(default_factory=lambda: Ids("deadline_ids"))
    outbox: Ids = field(default_factory=lambda: Ids("outbox_ids", ahead=16))
    """Nearly every turn takes one, and nobody looks at their order."""

    async def reserve(self, turns: int, connection: Connection) -> None:
        """Make sure that a batch of this many turns finds its ids."""
        await self.conversations.reserve(turns, connection)
        await self.deadlines.reserve(LINES * turns, connection)
        await self.outbox.reserve(turns, connection)


@dataclass(slots=True)
class Outcome:
    """What a committed batch leads to outside PostgreSQL."""

    receipts: list[tuple[Turn, Receipt]] = field(default_factory=list)
    skipped: list[Turn] = field(default_factory=list)
    """Turns of contacts that another flush holds; they come again."""
    rows: Rows = field(default_factory=Rows)
    standings: list[Standing] = field(default_factory=list)
    """The contacts that were changed, as they now stand."""
    writing: int = 0
    """The transaction, as PostgreSQL marks the rows that it wrote."""


@dataclass(slots=True)
class Batch:
    """The work of one transaction."""

    connection: Connection
    world: World
    blocks: Blocks
    pushes: frozenset[str]
    """Names of the channels whose messages go through the outbox."""
    memory: Memory
    proofs: Proofs
    subscribed: frozenset[str] = frozenset()
    """What somebody is told of by webhooks."""
    outcome: Outcome = field(default_factory=Outcome)
    hold: Hold = field(init=False)
    deliveries: Deliveries = field(init=False)

    def __post_init__(self) -> None:
        """The contacts are locked on the same connection."""
        self.hold = Hold(self.connection, self.memory)
        self.deliveries = Deliveries(self.connection, self.outcome.rows, self.hold)

    async def write(self, turns: Sequence[Turn], fulfilled: Sequence[int]) -> Outcome:
        """Write the turns; the caller holds the transaction and commits it.

        Args:
            turns: turns with their ``contact_id`` filled in.
            fulfilled: ids of outbox rows whose HTTP body has been written.
        """
        standings = await self.hold.lock({turn.contact_id for turn in turns})
        self.outcome.writing = self.hold.writing
        held = [turn for turn in turns if turn.contact_id in standings]
        self.outcome.skipped = [turn for turn in turns if turn.contact_id not in standings]
        taken = await self._taken([turn for turn in held if turn.deadline is None and turn.delivery is None])
        fired = await self._fired(held, standings)
        carrier = self._carrier()
        carrier.ledgers.owners = await subjects.owners(self.connection, fired.values())
        customers = await self._customers(held, standings, carrier)
        for turn in held:
            key = (turn.contact_id, turn.source_id)
            if key in taken:
                await self._repeated(turn, taken[key])
                continue
            try:
                receipt = await self._turn(turn, standings, carrier, customers, fired)
            except ComeAgain:
                customers.again(turn)
                self.outcome.skipped.append(turn)
                continue
            taken[key] = receipt
            self.outcome.receipts.append((turn, receipt))
        self.outcome.rows.cursors = [turn.cursor for turn, _ in self.outcome.receipts if turn.cursor is not None]
        await self._save(standings, fulfilled)
        await customers.siblings.save()
        return self.outcome

    def _carrier(self) -> Carrier:
        rows = self.outcome.rows
        ledgers = Ledgers(self.connection, self.world, self.blocks.deadlines, rows)
        return Carrier(
            self.blocks.conversations,
            rows,
            Behind(self.blocks.outbox, rows),
            Places(self.connection, self.world),
            ledgers,
            Matters(self.connection, rows, ledgers),
            self.world.zone,
        )

    async def _customers(self, held: Sequence[Turn], standings: dict[int, Standing], carrier: Carrier) -> Customers:
        siblings = Siblings(self.connection, standings, self.hold.lock, self.outcome.rows, carrier.ledgers)
        if wanted := siblings.needed(held):
            await siblings.gather(wanted)
        joins = Joins(self.connection, siblings, self.blocks.conversations)
        codes = Codes(self.connection, self.outcome.rows, self.proofs)
        challenges = Challenges(self.connection, self.proofs)
        return Customers(self.connection, siblings, joins, codes, challenges, carrier.ledgers, self.world)

    async def _taken(self, turns: Sequence[Turn]) -> dict[tuple[int, str], Receipt]:
        rows = await self.connection.fetch(
            SQL["find_taken"], [turn.contact_id for turn in turns], [turn.source_id for turn in turns]
        )
        receipts: dict[tuple[int, str], Receipt] = {}
        for row in rows:
            found = await self.connection.fetch(
                SQL["load_replies"], row["contact_id"], row["seq"], row["reply_from"], row["reply_to"]
            )
            messages = {message.seq: message for message in map(stored_message, found)}
            first = messages.pop(row["seq"], None)
            receipts[row["contact_id"], row["source_id"]] = Receipt(
                first, tuple(messages.values()), repeated=True, outbox_id=row["outbox_id"], refused=row["refused"] or ""
            )
        return receipts

    async def _repeated(self, turn: Turn, receipt: Receipt) -> None:
        """An event that was taken before: what was answered then is answered again."""
        if receipt.outbox_id is not None:
            await self.connection.execute(SQL["offer_again"], receipt.outbox_id)
        self.outcome.receipts.append((turn, receipt))

    async def _fired(self, turns: Sequence[Turn], standings: Mapping[int, Standing]) -> dict[int, ledger.Line]:
        """The deadlines that clocks claim and that are due: those of open chats have been read, the others are now."""
        fired: dict[int, ledger.Line] = {}
        unread: list[tuple[object, ...]] = []
        for turn in turns:
            if (claim := turn.deadline) is None:
                continue
            known = standings[turn.contact_id].find(claim.id)
            if known is None:
                unread.append((claim.id, claim.generation, claim.step))
            elif known.next_at is not None and known.next_at <= self.hold.now:
                fired[known.id] = known
        if unread:
            rows = await self.connection.fetch(SQL["load_fired"], *columns(unread, 3))
            fired |= {row["id"]: line(row) for row in rows}
        return fired

    async def _counts(self, turn: Turn, where: Standing, line: ledger.Line | None) -> bool:
        """Whether a fire or a delivery still means something; events of people always do."""
        if turn.deadline is not None:
            return line is not None
        return turn.delivery is None or await self.deliveries.counts(turn, turn.delivery, where)

    async def _turn(
        self,
        turn: Turn,
        standings: Mapping[int, Standing],
        carrier: Carrier,
        customers: Customers,
        fired: Mapping[int, ledger.Line],
    ) -> Receipt:
        where = standings[turn.contact_id]
        line = fired.get(turn.deadline.id) if turn.deadline is not None else None
        concern = customers.concern(turn, where)
        if concern:
            where = customers.place(turn, where, line)
        if line is not None and turn.deadline is not None:
            line = carrier.ledgers.claimed(line, turn.deadline)
        if not await self._counts(turn, standings[turn.contact_id], line):
            return Receipt(None, ())
        now = where.moment(self.hold.now)
        where.touched = True
        event = turn.event
        if isinstance(event, Bounced):
            event = await self.deliveries.bounced(event, where)
        if turn.language and turn.language != where.contact.language:
            where.contact = replace(where.contact, language=turn.language)
            self.outcome.rows.languages[where.contact.id] = turn.language
        if line is not None:
            event = carrier.ledgers.fire(where, line, now)
        decision, event = self._decide(where, event, now)
        if concern:
            decision, event = await customers.prepare(turn, where, decision, event, now)
        pushes = where.contact.channel in self.pushes
        if isinstance(decision, Answered) and isinstance(event, Said) and not concern and (turn.passive or not pushes):
            return carrier.answer(turn, where, decision, event, now, pushes=pushes)
        receipt = await carrier.carry(turn, where, decision, event, now, pushes=pushes)
        if concern:
            await customers.follow(where, decision, now)
        if not (receipt.refused or isinstance(event, Said)):  # Customers' words, most turns, leave nothing.
            self._leave_behind(event, where, now)
        return receipt

    def _leave_behind(self, event: Event, where: Standing, now: datetime) -> None:
        """What an act that was carried out leaves beside the conversation."""
        if (deed := deed_of(event, where)) is not None:
            self.outcome.rows.deeds.append(deed)
        if (sent := sent_by(event, where)) is not None:
            self.outcome.rows.sent.append(sent)
        if (overridden := overridden_by(event, where, now)) is not None:
            self.outcome.rows.overridden.append(overridden)
        self.outcome.rows.add_mentions(named_by(event, where, now))

    def _decide(self, where: Standing, event: Event, now: datetime) -> tuple[Decision, Event]:
        """Decide; a decision that fails over a customer's words calls a person instead."""
        try:
            return decide(where.contact, event, self.world, now), event
        except Exception:
            if not isinstance(event, Said):
                raise
            log.exception("decision.failed")
            stumbled = Stumbled(event.text, event.kind, event.media)
            return decide(where.contact, stumbled, self.world, now), stumbled

    async def _save(self, standings: Mapping[int, Standing], fulfilled: Sequence[int]) -> None:
        states = States()
        for where in standings.values():
            if where.touched:
                if not self.outcome.rows.moved_with(where):
                    states.add(where)
                self.outcome.standings.append(where)
        await save(self.connection, self.outcome.rows, states, fulfilled)
        if self.subscribed:
            await tell(self.connection, self.subscribed, self.outcome.rows, self.outcome.standings)


def stored_message(row: Mapping[str, object]) -> Message:
    """Read a message's row."""
    choices = row["choices"]
    assert isinstance(choices, list | None)
    values = row["contact_id"], row["seq"], str(row["sender"]), str(row["text"]), row["sent_at"]
    contact_id, seq, sender, text, sent_at = values
    assert isinstance(contact_id, int)
    assert isinstance(seq, int)
    assert isinstance(sent_at, datetime)
    offered = tuple(Choice(str(number), str(label)) for number, label in choices or ())
    return Message(contact_id, seq, sender, text, offered, sent_at, Kind(str(row["kind"])))
