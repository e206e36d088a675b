"""The store of files: takes uploads in, fills in what was fetched, and hands out what is kept."""

from collections.abc import AsyncIterator

from msgspec import Struct

from bot.db import Pool, Row
from bot.files import voices
from bot.files.ids import fresh_id, fresh_place, is_id
from bot.files.names import with_ending
from bot.files.screen import Passed, Refusal, Screen
from bot.files.storage import Storage
from bot.sql import load
from channels.door import Address, Attachment
from channels.serving import OpenFile

SQL = load(__file__, "files.sql")
MOST_UNSENT = 10
"""Files that somebody may have uploaded for one contact without sending them."""


class Owner(Struct, frozen=True):
    """Whose upload it is: a customer's own, or an agent's for that customer."""

    contact: Address
    agent: int | None = None


class Kept(Struct, frozen=True):
    """A file whose bytes are here."""

    id: str
    name: str
    type: str
    size: int
    place: str
    contact: Address
    agent: int | None
    """Who uploaded it at the desk; None for a customer's."""
    sent: bool
    """Whether a message carries it."""


class Store:
    """Keeps files: what they are in PostgreSQL, their bytes in a storage.

    Args:
        pool: connections to PostgreSQL.
        storage: keeps the bytes.
        screen: looks at each file before it is kept.
    """

    def __init__(self, pool: Pool, storage: Storage, screen: Screen) -> None:
        self.pool = pool
        self.storage = storage
        self._screen = screen

    @property
    def limit(self) -> int:
        """Bytes that a file may have."""
        return self._screen.limit

    async def add(self, owner: Owner, content: bytes, name: str) -> Attachment | Refusal:
        """Take an upload in.

        Raises:
            ScannerAway: nobody can say whether it carries a virus.
            StorageFull: there is no room.
            OSError: storage or PostgreSQL are away.
        """
        if await self.pool.fetchval(SQL["unsent"], *owner.contact, owner.agent) >= MOST_UNSENT:
            return Refusal("too_many")
        passed = await self._screen.look(content)
        if isinstance(passed, Refusal):
            return passed
        made = Attachment(fresh_id(), with_ending(name, passed.type), passed.type, len(passed.content))
        place = fresh_place()
        await self.storage.put(place, passed.content)
        await self.pool.execute(
            SQL["add"], made.id, *owner.contact, owner.agent, made.name, made.type, made.size, passed.width,
            passed.height, place,
        )  # fmt: skip
        return made

    async def unsent(self, owner: Owner, file_id: str) -> Attachment | None:
        """A file that this owner has uploaded and not sent yet. Raises: OSError."""
        if not is_id(file_id):
            return None
        row = await self.pool.fetchrow(SQL["find_unsent"], file_id, *owner.contact, owner.agent)
        return None if row is None else Attachment(row["id"], row["name"], row["type"], row["size"])

    async def unsent_of(self, owner: Owner) -> list[Attachment]:
        """All that this owner has uploaded and not sent yet, the earliest first. Raises: OSError."""
        rows = await self.pool.fetch(SQL["unsent_of"], *owner.contact, owner.agent)
        return [Attachment(row["id"], row["name"], row["type"], row["size"]) for row in rows]

    async def withdraw(self, owner: Owner, file_id: str) -> None:
        """Forget an upload of this owner's that was not sent; one that is not there is forgotten already.

        Raises:
            OSError: storage or PostgreSQL are away.
        """
        place = (
            await self.pool.fetchval(SQL["withdraw"], file_id, *owner.contact, owner.agent) if is_id(file_id) else None
        )
        if place is not None:
            await self.storage.remove(place)

    async def fill(self, file_id: str, content: bytes, name: str) -> Refusal | None:
        """Keep the bytes of a wanted file, or say why they are not kept; AMR is kept as WAV where it can be read.

        Raises:
            ScannerAway: nobody can say whether it carries a virus.
            StorageFull: there is no room.
            OSError: storage or PostgreSQL are away.
        """
        passed = await self._screen.look(content)
        if isinstance(passed, Refusal):
            return passed
        if passed.type == voices.AMR and (sound := await voices.playable(content)) is not None:
            passed, name = Passed(sound, voices.WAV), name.removesuffix(".amr")
        await self._fill(file_id, passed, with_ending(name, passed.type))
        return None

    async def _fill(self, file_id: str, passed: Passed, name: str) -> None:
        place, size = fresh_place(), len(passed.content)
        await self.storage.put(place, passed.content)
        filled = await self.pool.fetchval(
            SQL["fill"], file_id, name, passed.type, size, passed.width, passed.height, place
        )
        if filled is None:  # Another try was faster.
            await self.storage.remove(place)

    async def find(self, file_id: str) -> Kept | None:
        """A file that is here; who may read it is for the caller to decide. Raises: OSError."""
        row = await self.pool.fetchrow(SQL["find"], file_id) if is_id(file_id) else None
        return None if row is None or row["state"] != "stored" else _kept(row)

    def opened(self, kept: Kept) -> OpenFile:
        """A file ready to be handed out to somebody who may read it."""

        def read(start: int, stop: int) -> AsyncIterator[bytes]:
            return self.storage.read(kept.place, start, stop)

        return OpenFile(kept.name, kept.type, kept.size, read)

    async def read(self, attachment_id: str) -> bytes:
        """The bytes of a file that is here. Raises: KeyError where it is not; OSError."""
        kept = await self.find(attachment_id)
        if kept is None:
            raise KeyError(attachment_id)
        return b"".join([piece async for piece in self.storage.read(kept.place)])


def _kept(row: Row) -> Kept:
    return Kept(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        size=row["size"],
        place=row["place"],
        contact=Address(row["channel"], row["account"], row["address"]),
        agent=row["agent"],
        sent=row["seq"] is not None,
    )
