"""The board is what all desks of a process share: what is with people or needs one, read once for everyone."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import TypeVar

from bot.db import Pool, Row
from bot.people.access import in_reach, is_stuck, may_wait_for
from bot.people.agent import Agent
from bot.snoozes.snoozes import near
from bot.sql import load
from bot.words import LANGUAGES, phrases
from router.conversation import Status

T = TypeVar("T")

SQL = load(__file__, "board.sql")
APART = 0.1
"""Seconds between two reads at least, however many desks ask."""
SOON = timedelta(minutes=10)
"""How long before its limit a conversation counts as about to breach."""
FAR = timedelta(days=3650)
CALLS = sorted({call for language in LANGUAGES for call in phrases(language)["human"]})
"""Whole messages that only ask for a person; what was said before them tells more."""


@dataclass(frozen=True, slots=True)
class Card:
    """An open conversation, as a line of the lists. Every time is aware and in UTC."""

    id: int
    contact_id: int
    speaker: int
    """The contact through whom the customer spoke last."""
    status: Status
    version: int
    queue: str
    assignee: int | None
    assignee_name: str
    assignee_unit: str
    """The path of their unit; empty where nobody has it."""
    reoffer: bool
    offer_to: int | None
    """Who is asked to take it."""
    helpers: tuple[int, ...]
    """Who was asked to help."""
    named: tuple[int, ...]
    """Whom notes in it name."""
    waiting_since: datetime | None
    place: datetime
    """The waiting order: enqueue time less 60 s for each point of priority."""
    channel: str
    name: str
    required: tuple[str, ...]
    due: datetime | None
    seq: int
    """Of the last words, 0 where there are none."""
    sender: str
    text: str
    sent_at: datetime
    unanswered: int
    """Messages of the customer that no person has answered."""
    level: str
    """The customer's standing, in the CRM's own words."""
    snags: tuple[str, ...]
    """Why somebody should look in, while it is with the bot, in the order in which it came up."""
    stuck_since: datetime | None
    snoozed: datetime | None
    """Until when its owner has set it aside; None while it is not."""

    def set_aside(self, agent: Agent, now: datetime) -> bool:
        """Whether this agent wants to see it later; never so while a limit is near."""
        return self.snoozed is not None and self.assignee == agent.id and not near(self.due, now)


@dataclass(frozen=True, slots=True)
class Board:
    """All cards as of one moment."""

    cards: tuple[Card, ...]
    """One that has not changed since the board before is the same object."""
    mark: str = ""
    """Tells it from others, of this process and of all."""

    def mine(self, agent: Agent) -> list[Card]:
        """The agent's own and those that they help with, the most urgent first."""
        own = [one for one in self.cards if one.status is Status.ASSIGNED and agent.id in (one.assignee, *one.helpers)]
        return sorted(own, key=_urgency)

    def at_hand(self, agent: Agent, now: datetime) -> list[Card]:
        """The same without what the agent has set aside."""
        return [one for one in self.mine(agent) if not one.set_aside(agent, now)]

    def snoozed(self, agent: Agent, now: datetime) -> list[Card]:
        """What the agent has set aside, by when it comes back."""
        aside = [one for one in self.mine(agent) if one.set_aside(agent, now)]
        return sorted(aside, key=lambda one: one.snoozed or now)

    def waits(self, agent: Agent) -> dict[str, int]:
        """How many messages wait for an answer in each of them, by its id."""
        return {str(one.id): one.unanswered for one in self.mine(agent)}

    def waiting(self, agent: Agent) -> list[Card]:
        """Those that the agent could take, in waiting order."""
        return [one for one in self.cards if may_wait_for(agent, one) and one.assignee != agent.id]

    def stuck(self) -> list[Card]:
        """Those with the bot on which somebody should look in, the longest stuck first."""
        return sorted((one for one in self.cards if is_stuck(one)), key=lambda one: one.stuck_since or one.place)

    def all(self, agent: Agent) -> list[Card]:
        """Everything with people that the agent serves, could serve or leads, the most urgent first."""
        seen = (one for one in self.cards if one.status is not Status.BOT and in_reach(agent, one))
        return sorted(seen, key=_urgency)

    def late(self, agent: Agent, now: datetime) -> list[Card]:
        """Those whose limit has passed or is near."""
        return [one for one in self.all(agent) if one.due is not None and one.due - now <= SOON]


def _urgency(card: Card) -> tuple[datetime, float]:
    return card.due or card.sent_at + FAR, -card.sent_at.timestamp()


class Boards:
    """Reads the board, at most one read at a time; whoever asks during a read gets the next one.

    Args:
        pool: connections to PostgreSQL.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._next: asyncio.Task[Board] | None = None
        self._not_before = 0.0
        self._name = token_hex(4)
        self._numbers = count(1)
        self._known: dict[int, tuple[Row, Card]] = {}
        self._last = Board(())

    async def fresh(self) -> Board:
        """A board that was read after this call began. Raises: what PostgreSQL raises when it is away."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
            self._next.add_done_callback(looked_at)
        return await asyncio.shield(self._next)

    async def _read(self) -> Board:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._not_before - loop.time())
        self._not_before = loop.time() + APART
        self._next = None
        number = next(self._numbers)
        rows = await self._pool.fetch(SQL["board"], CALLS, None, 0)
        self._known = {row["id"]: self._drawn(row) for row in rows}
        board = Board(tuple(card for _, card in self._known.values()), f"{self._name}.{number}")
        if number > self._number(self._last.mark):
            self._last = board
        return board

    def _drawn(self, row: Row) -> tuple[Row, Card]:
        """The card of a row; the one that was there, if nothing has changed."""
        known = self._known.get(row["id"])
        return known if known is not None and known[0] == row else (row, _card(row))

    def since(self, mark: str) -> Board | None:
        """The last board, if it is the one with this mark or was read after it."""
        asked = self._number(mark)
        return self._last if 0 < asked <= self._number(self._last.mark) else None

    def _number(self, mark: str) -> int:
        """Of a board of this process; 0 for another's."""
        name, _, number = mark.partition(".")
        return int(number) if name == self._name and number.isascii() and number.isdigit() else 0

    async def bots(self, below: int, most: int) -> list[Card]:
        """What the bot talks about now, the latest first, whoever asks: for those who lead.

        Args:
            below: the id above the first one.
            most: how many.
        """
        rows = await self._pool.fetch(SQL["board"], CALLS, below, most)
        return sorted(map(_card, rows), key=lambda card: -card.id)


def looked_at(read: "asyncio.Task[T]") -> None:
    """A read that failed after everyone who asked had gone is nobody's business."""
    if not read.cancelled():
        read.exception()


def _card(row: Row) -> Card:
    return Card(
        id=row["id"],
        contact_id=row["contact_id"],
        speaker=row["speaker"],
        status=Status(row["status"]),
        version=row["version"],
        queue=row["queue"],
        assignee=row["assignee"],
        assignee_name=row["assignee_name"] or "",
        assignee_unit=row["assignee_unit"],
        reoffer=row["reoffer"],
        offer_to=row["offer_to"],
        helpers=tuple(row["helpers"]),
        named=tuple(row["named"]),
        waiting_since=row["waiting_since"],
        place=row["place"] or row["opened"],
        channel=row["channel"],
        name=row["name"],
        required=tuple(row["required"]),
        due=row["due"],
        seq=row["seq"] or 0,
        sender=row["sender"] or "",
        text=row["text"] or "",
        sent_at=row["sent_at"] or row["opened"],
        unanswered=row["unanswered"],
        level=row["level"],
        snags=tuple(row["snags"]),
        stuck_since=row["stuck_since"],
        snoozed=row["snoozed"],
    )
