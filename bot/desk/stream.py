"""The stream tells an open desk what has changed; the desk then asks for the parts that it shows.

    event: changed    data: {"now": ms since 1970 (UTC), "lists": the mark of the board as it now is, or true,
                             "alerts": bool, "questions": bool, "requests": bool, "tickets": bool, "seat": bool,
                             "contacts": [ids], "offers": bool, "typing": [ids of contacts],
                             "mine": {id of a conversation: messages that wait for an answer},
                             "colleagues": [["looks" or "writes", id of a conversation, id of the agent]],
                             "edition": the desk's, with the first event}
    event: said       data: {"now": …, "contacts": [ids]}, at once and before anything else is looked at: words have
                      come in conversations of the agent's own, or have got further
    event: bye        the session has ended

One stream serves all tabs of a browser, whatever each of them shows, so it carries hints and no parts.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from bot.bus import Bus
from bot.db import UNREACHABLE
from bot.desk.board import Board, Boards, Card
from bot.desk.guard import HEADERS, Guard, Visit
from bot.desk.parts import Parts
from bot.people.access import access_open
from bot.people.agent import Agent
from bot.people.heartbeats import EVERY, Heartbeats
from bot.people.people import People
from bot.people.rights import Permission
from bot.watch import Watch

GOT = "got"
TYPING = "typing"
"""What a hint about a contact may say behind its ``#``: a device has got more of the thread; the contact is writing."""
TOGETHER = 0.05
"""Seconds for which hints are gathered before one look at what they mean."""
APART = 0.1
"""Seconds between two words of what was said, at least."""
REST = 4.0
"""How many times as long as it took a look is rested from, so that what changes all the time leaves room."""
LONGEST_REST = 0.5
"""Seconds."""


log = structlog.get_logger()


@dataclass(slots=True)
class Sight:
    """What an agent's desk has been told of."""

    agent: Agent
    cards: Mapping[int, Card] = field(default_factory=dict)
    mine: dict[str, int] | None = None
    """The agent's own conversations with what waits in them; None before the first look."""
    missed: frozenset[str] = frozenset()
    """Topics of hints that could not be followed while PostgreSQL was away."""

    def changes(self, board: Board, topics: frozenset[str]) -> dict[str, object]:
        """What is new for this agent since the last look; empty for nothing."""
        seen = {card.id: card for card in board.cards if access_open(self.agent, card)}
        moved = {one for one in seen.keys() | self.cards.keys() if seen.get(one) is not self.cards.get(one)}
        contacts = {(seen.get(one) or self.cards[one]).contact_id for one in moved}
        offered = self._offered()
        self.cards = seen
        contacts |= self.said(topics)
        told: dict[str, object] = {}
        called = f"agent:{self.agent.id}" in topics
        if moved or called:
            told["lists"] = board.mark
        if called or offered != self._offered():
            told["offers"] = True
        if (mine := board.waits(self.agent)) != self.mine:
            self.mine = told["mine"] = mine
        if contacts:
            told["contacts"] = sorted(contacts)
        if typing := self._known(_contacts(topics, TYPING)):
            told["typing"] = sorted(typing)
        if called or "leaders" in topics:
            told["alerts"] = True
        if colleagues := [_colleague(topic) for topic in sorted(topics) if topic.startswith(f"agent:{self.agent.id}#")]:
            told["colleagues"] = colleagues
        if "questions" in topics:
            told["questions"] = True
        if "tickets" in topics:
            told["tickets"] = True
        if "requests" in topics:
            told["requests"] = True
        return told

    def said(self, topics: frozenset[str]) -> set[int]:
        """In whose conversations words have come, or have got further."""
        return self._known(_contacts(topics, "", GOT))

    def own(self) -> Iterable[str]:
        """Topics of the contacts whose messages the agent waits to see delivered."""
        mine = [card for card in self.cards.values() if card.assignee == self.agent.id]
        return [f"contact:{contact}" for card in mine for contact in {card.contact_id, card.speaker}]

    def _offered(self) -> list[Card]:
        """What the agent is asked to take."""
        return [card for card in self.cards.values() if card.offer_to == self.agent.id]

    def _known(self, contacts: set[int]) -> set[int]:
        """Contacts as the lists know them: a conversation of several goes by the one with whom it began."""
        began = {card.speaker: card.contact_id for card in self.cards.values()}
        return {began.get(contact, contact) for contact in contacts}


def _topics(agent: Agent) -> list[str]:
    """What an open desk listens to, whatever it shows."""
    common = ["desk", "questions", "requests", "tickets", f"agent:{agent.id}"]
    return [*common, "leaders"] if agent.leads else common


def _contacts(topics: frozenset[str], *words: str) -> set[int]:
    """The contacts of hints such as ``contact:12`` and ``contact:12#typing`` that say one of these words."""
    hints = (topic.removeprefix("contact:").partition("#") for topic in topics if topic.startswith("contact:"))
    return {int(contact) for contact, _, word in hints if word in words}


def _colleague(topic: str) -> tuple[str, int, int]:
    """What a hint such as ``agent:5#looks:12:7`` says: agent 7 looks at conversation 12."""
    word, conversation, agent = topic.partition("#")[2].split(":")
    return word, int(conversation), int(agent)


class Streams:
    """Keeps the streams of the desks, until the process is about to stop."""

    def __init__(
        self,
        guard: Guard,
        parts: Parts,
        boards: Boards,
        people: People,
        heartbeats: Heartbeats,
        bus: Bus,
        closing: asyncio.Event,
    ) -> None:
        self._guard = guard
        self._parts = parts
        self._boards = boards
        self._people = people
        self._heartbeats = heartbeats
        self._bus = bus
        self._closing = closing

    def routes(self) -> Iterable[web.RouteDef]:
        """The stream's route."""
        return [web.get("/desk/stream", self._guard.read(self._stream, Permission.SEAT), allow_head=False)]

    async def _stream(self, visit: Visit) -> web.StreamResponse:
        headers = {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(visit.request)
        sight = Sight(visit.agent)
        with self._bus.watch(*_topics(visit.agent)) as ear, self._bus.watch() as near:
            works = self._tell(visit, response, sight, ear, near), self._pass_on(response, sight, near)
            tasks = {asyncio.create_task(work) for work in (*works, self._closing.wait())}
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                    if isinstance(outcome, Exception) and not isinstance(outcome, ConnectionError):
                        log.error("desk.stream_broken", exc_info=outcome)
        return response

    async def _tell(self, visit: Visit, response: web.StreamResponse, sight: Sight, ear: Watch, near: Watch) -> None:
        """Tell what has changed, until the session has ended."""
        loop = asyncio.get_running_loop()
        everything = {
            "lists": True,
            "offers": True,
            "alerts": True,
            "questions": True,
            "requests": True,
            "tickets": True,
            "seat": True,
            "contacts": "all",
            "edition": self._parts.render.edition,
        }
        first = await self._look(sight, frozenset())
        await self._heartbeats.beat(visit.agent.id, self._parts.render.now())
        await self._send(response, "changed", {**first, **everything})
        rested = 0.0
        while True:
            ear.follow(*sight.own())
            near.follow(*sight.own())
            changed = await ear.wait(min(self._bus.patience, EVERY))
            await asyncio.sleep(max(TOGETHER, rested - loop.time()) if changed else 0)
            changed |= await ear.wait(0)
            began = loop.time()
            if not await self._still(visit, sight):
                await self._send(response, "bye", {})
                return
            await self._heartbeats.beat(visit.agent.id, self._parts.render.now())
            told = await self._look(sight, changed)
            if told or not changed:
                await self._send(response, "changed", told)
            rested = loop.time() + min(LONGEST_REST, REST * (loop.time() - began))

    async def _pass_on(self, response: web.StreamResponse, sight: Sight, near: Watch) -> None:
        """Tell at once where words have come: a look at everything takes longer than they should."""
        while True:
            if said := sight.said(await near.wait(self._bus.patience)):
                await self._send(response, "said", {"contacts": sorted(said)})
            await asyncio.sleep(APART)

    async def _still(self, visit: Visit, sight: Sight) -> bool:
        """Whether the session goes on; what the agent may see follows the agent's present row."""
        try:
            session = await self._people.revisit(visit.session.token_hash)
        except UNREACHABLE:
            return True
        if session is not None:
            sight.agent = session.agent
        return session is not None

    async def _look(self, sight: Sight, topics: frozenset[str]) -> dict[str, object]:
        """What is new; while PostgreSQL is away nothing is, and the next look finds it."""
        topics |= sight.missed
        try:
            told = sight.changes(await self._boards.fresh(), topics)
        except UNREACHABLE:
            sight.missed = topics
            return {}
        sight.missed = frozenset()
        if f"agent:{sight.agent.id}" in topics:
            told["seat"] = True
        return told

    async def _send(self, response: web.StreamResponse, event: str, told: Mapping[str, object]) -> None:
        now = int(self._parts.render.now().timestamp() * 1000)
        data = json.dumps({"now": now, **told}, separators=(",", ":"))
        await response.write(f"event: {event}\ndata: {data}\n\n".encode())
