"""Customers' files as the web door asks for them: their own uploads, and what their thread carries."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.db import UNREACHABLE
from bot.files.links import Links
from bot.files.scanner import ScannerAway
from bot.files.screen import Refusal
from bot.files.storage import StorageFull
from bot.files.store import Kept, Owner, Store
from channels.door import Address, Attachment, Busy, Malformed
from channels.serving import OpenFile

STATUS: Mapping[str, int] = MappingProxyType({"too_large": 413, "type": 415, "too_many": 429})
"""HTTP statuses of refusals; the others are 422."""
FULL = 60
"""Seconds after which somebody may have made room."""


class CustomerFiles:
    """Files at the doors whose customers upload to us.

    Args:
        store: keeps them.
        links: knows the addresses that were signed for a contact.
    """

    def __init__(self, store: Store, links: Links) -> None:
        self._store = store
        self._links = links

    @property
    def limit(self) -> int:
        """Bytes that a file may have."""
        return self._store.limit

    async def add(self, contact: Address, content: bytes, name: str) -> Attachment:
        """Take an upload in. Raises: Malformed where it is not taken; Busy."""
        try:
            made = await self._store.add(Owner(contact), content, name)
        except StorageFull as error:
            raise Busy(FULL) from error
        except (ScannerAway, *UNREACHABLE) as error:
            raise Busy from error
        if isinstance(made, Refusal):
            raise Malformed(f"file_{made.reason}", status=STATUS.get(made.reason, 422))
        return made

    async def uploaded(self, contact: Address, file_id: str) -> Attachment | None:
        """A file that this contact has uploaded, sent already or not. Raises: Busy."""
        kept = await self._find(file_id)
        if kept is None or kept.contact != contact or kept.agent is not None:
            return None
        return Attachment(kept.id, kept.name, kept.type, kept.size)

    async def open(self, contact: Address, file_id: str) -> OpenFile | None:
        """A file that this contact may read. Raises: Busy."""
        kept = await self._find(file_id)
        return None if kept is None or kept.contact != contact or not _for_contact(kept) else self._store.opened(kept)

    async def open_signed(
        self, channel: str, account: str, file_id: str, *, expires: str, signature: str
    ) -> OpenFile | None:
        """A file whose contact was given this address. Raises: Busy."""
        kept = await self._find(file_id)
        if kept is None or (kept.contact.channel, kept.contact.account) != (channel, account):
            return None
        if not _for_contact(kept) or not self._links.opens(kept.contact, file_id, expires=expires, signature=signature):
            return None
        return self._store.opened(kept)

    async def _find(self, file_id: str) -> Kept | None:
        try:
            return await self._store.find(file_id)
        except UNREACHABLE as error:
            raise Busy from error


def _for_contact(kept: Kept) -> bool:
    """An agent's upload is the contact's to read once it has been sent."""
    return kept.sent or kept.agent is None
