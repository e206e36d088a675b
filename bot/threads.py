"""The thread of a contact as doors and pages read it: by sequence, with hints of what is new."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool, Row
from bot.ear import Ear, topic_of
from bot.files.attached import attached
from bot.files.links import Links
from bot.lru import Lru
from bot.sql import load
from bot.watch import Watch
from channels.door import Address, Busy, Choice, Message
from channels.web.house import Head, Standing
from router.events import Kind

SQL = load(__file__, "threads.sql")
MOST_CONTACTS = 50_000
"""Row numbers of contacts that are remembered; they never change."""

Wait = Callable[[str, int], int | None]
"""Tells the estimated wait in minutes of a place, from 1, in a queue."""


def _unknown(_queue: str, _place: int) -> int | None:
    return None


class Threads:
    """Reads messages from PostgreSQL and hears of new ones on the bus.

    Args:
        pool: connections to PostgreSQL.
        bus: carries the hints ``contact:<id>``.
        links: makes the addresses of files; without them only their names are told.
        wait: the estimated wait in minutes at a place of a queue.
    """

    def __init__(self, pool: Pool, bus: Bus, links: Links | None = None, wait: Wait = _unknown) -> None:
        self._pool = pool
        self._links = links
        self._bus = bus
        self._wait = wait
        self.ids: Lru[Address, int] = Lru(MOST_CONTACTS)
        """Row numbers of contacts."""

    async def after(self, address: Address, seq: int, limit: int) -> tuple[Message, ...]:
        """The first messages behind ``seq``, oldest first. Raises: Busy when PostgreSQL is away."""
        return self._messages(address, await self._read("after", address, seq, limit))

    async def before(self, address: Address, seq: int, limit: int) -> tuple[Message, ...]:
        """The last messages ahead of ``seq``, oldest first. Raises: Busy when PostgreSQL is away."""
        return self._messages(address, reversed(await self._read("before", address, seq, limit)))

    async def standing(self, address: Address) -> Standing:
        """Who has the word now. Raises: Busy when PostgreSQL is away."""
        rows = await self._read("standing", address)
        if not rows:
            return Standing()
        status, place, queue = rows[0]["status"], rows[0]["place"], rows[0]["queue"]
        return Standing(status, place, rows[0]["agent"], self._wait(queue, place) if place else None)

    @contextmanager
    def watch(self, address: Address) -> Iterator["News"]:
        """Listen for news of a contact, who need not have written yet."""
        with self._bus.watch(topic_of(address)) as ear:
            news = News(self._bus, ear, self.ids, address)
            news.follow_row()
            yield news

    def begun(self, address: Address) -> None:
        """The contact's first message has been stored: whoever has watched since before it looks now."""
        self._bus.announce([topic_of(address)])

    def ear(self) -> Ear:
        """An ear that follows nobody yet."""
        return Ear(self._bus, self._bus.ear(), self.ids.get)

    async def heads(self, addresses: Collection[Address]) -> Mapping[Address, Head]:
        """How the threads of these contacts stand. Raises: Busy when PostgreSQL is away."""
        columns = (list(column) for column in zip(*addresses, strict=True))
        try:
            rows = await self._pool.fetch(SQL["heads"], *columns)
        except UNREACHABLE as error:
            raise Busy from error
        heads = {}
        for row in rows:
            address = Address(row["channel"], row["account"], row["address"])
            self.ids.put(address, row["id"])
            heads[address] = Head(row["seq"], row["state"], row["queued"])
        return heads

    def _messages(self, address: Address, rows: Iterable[Row]) -> tuple[Message, ...]:
        messages = map(_message, rows)
        links = self._links
        return tuple(messages) if links is None else tuple(_linked(links, address, message) for message in messages)

    async def _read(self, statement: str, address: Address, *args: object) -> Sequence[Row]:
        try:
            contact = await self._contact(address)
            return [] if contact is None else await self._pool.fetch(SQL[statement], contact, *args)
        except UNREACHABLE as error:
            raise Busy from error

    async def _contact(self, address: Address) -> int | None:
        known = self.ids.get(address)
        if known is None:
            known = await self._pool.fetchval(SQL["find"], address.channel, address.account, address.contact)
            if known is not None:
                self.ids.put(address, known)
        return known


class News:
    """Hints about one contact: by its address until it has a row, by its row number from then on."""

    def __init__(self, bus: Bus, ear: Watch, ids: "Lru[Address, int]", address: Address) -> None:
        self._bus = bus
        self._ear = ear
        self._ids = ids
        self._address = address
        self._numbered = False

    async def wait(self, seconds: float) -> object:
        """Return at the first hint, after so many seconds, or when the bus' patience ends: then it is time to read."""
        if self.follow_row():
            return self._address  # What came before the ear was open is to be read first.
        return await self._ear.wait(min(seconds, self._bus.patience))

    def follow_row(self) -> bool:
        """Follow the contact by its row number, if that has become known; whether it just has."""
        contact = None if self._numbered else self._ids.get(self._address)
        if contact is None:
            return False
        self._ear.follow(f"contact:{contact}")
        self._numbered = True
        return True


def _linked(links: Links, address: Address, message: Message) -> Message:
    """The message with the address of its file, where one is here to be read."""
    file = message.attachment
    if file is None or not file.ready:
        return message
    return replace(message, attachment=replace(file, url=links.url(address, file.id)))


def _message(row: Row) -> Message:
    return Message(
        contact_id=row["contact_id"],
        seq=row["seq"],
        sender=row["sender"],
        text=row["text"],
        choices=tuple(Choice(id=id_, label=label) for id_, label in row["choices"] or ()),
        sent_at=row["sent_at"],
        kind=Kind(row["kind"]),
        attachment=attached(row),
    )
