"""What agents send along: uploaded at the composer, kept until the answer goes, fit for the customer's channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.files.names import ENDINGS
from bot.files.scanner import ScannerAway
from bot.files.screen import Refusal
from bot.files.storage import StorageFull
from bot.files.store import Owner, Store
from channels.door import Address, Attachment
from router.events import Enclosed, Media

OTHERS = "*"
"""Stands for all types that a channel does not name."""
MOST = 9
"""Files of one answer."""
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limit:
    """The types of files that a channel carries up to one size."""

    endings: tuple[str, ...]
    """Such as ``jpg``."""
    most: int
    """Bytes."""

    @property
    def mib(self) -> int:
        """The size as people are told it."""
        return self.most // MIB


class Enclosures:
    """Takes agents' files in and finds them again when the answer goes.

    Args:
        store: keeps them.
        carries: the most bytes of a file by MIME type, for each channel; a channel that is missing carries none.
    """

    def __init__(self, store: Store, carries: Mapping[str, Mapping[str, int]]) -> None:
        self._store = store
        self._carries = carries

    def most(self, channel: str) -> Mapping[str, int]:
        """The most bytes of a file by MIME type, as far as our screen and the channel let it pass."""
        carried = self._carries.get(channel, {})
        sizes = {type_: min(self._store.limit, carried.get(type_, carried.get(OTHERS, 0))) for type_ in ENDINGS}
        return {type_: size for type_, size in sizes.items() if size}

    def limits(self, channel: str) -> Sequence[Limit]:
        """The same for people: types of one size together, the largest first."""
        by_size: dict[int, list[str]] = {}
        for type_, size in self.most(channel).items():
            by_size.setdefault(size, []).append(ENDINGS[type_][0].removeprefix("."))
        return [Limit(tuple(by_size[size]), size) for size in sorted(by_size, reverse=True)]

    async def add(self, contact: Address, agent: int, content: bytes, name: str) -> Attachment | Refusal:
        """Take an upload in, unless the screen or the contact's channel cannot let it pass.

        Raises:
            OSError: storage or PostgreSQL are away.
        """
        owner = Owner(contact, agent)
        try:
            made = await self._store.add(owner, content, name)
        except StorageFull:
            return Refusal("full")
        except ScannerAway:
            return Refusal("scanner")
        if isinstance(made, Refusal):
            return made
        if reason := self._refused(contact.channel, made):
            await self._store.withdraw(owner, made.id)
            return Refusal(reason)
        return made

    async def waiting(self, contact: Address, agent: int) -> list[Attachment]:
        """What the agent has uploaded for this contact and not sent yet. Raises: OSError."""
        return await self._store.unsent_of(Owner(contact, agent))

    async def withdraw(self, contact: Address, agent: int, file_id: str) -> None:
        """Forget one of them. Raises: OSError."""
        await self._store.withdraw(Owner(contact, agent), file_id)

    async def enclosed(self, contact: Address, agent: int, ids: Sequence[str]) -> tuple[Enclosed, ...] | None:
        """The files of an answer by their ids; None where one of them cannot go to this contact. Raises: OSError."""
        if len(ids) > MOST or len(set(ids)) < len(ids):
            return None
        found = [await self._store.unsent(Owner(contact, agent), file_id) for file_id in ids]
        files = [one for one in found if one is not None and not self._refused(contact.channel, one)]
        if len(files) < len(ids):
            return None
        return tuple(Enclosed(one.kind, Media(one.id, one.name, one.type, one.size)) for one in files)

    def _refused(self, channel: str, file: Attachment) -> str:
        """Why a channel cannot carry a file; empty where it can."""
        most = self.most(channel)
        if file.type not in most:
            return "channel_type" if most else "channel"
        return "channel_size" if file.size > most[file.type] else ""
