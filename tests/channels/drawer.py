"""A drawer of files behind the web door: everything fits, each file is its owner's alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from channels.door import Address, Attachment, Malformed
from channels.serving import OpenFile


@dataclass
class Drawer:
    """Keeps files in memory."""

    limit: int = 1024
    kept: dict[str, tuple[Address, str, bytes]] = field(default_factory=dict)

    async def add(self, contact: Address, content: bytes, name: str) -> Attachment:
        """Keep a file; what begins with ``no`` is refused."""
        if content.startswith(b"no"):
            raise Malformed("file_type", status=415)
        file_id = f"file-{len(self.kept)}"
        self.kept[file_id] = (contact, name, content)
        return self._attachment(file_id)

    async def uploaded(self, contact: Address, file_id: str) -> Attachment | None:
        """A file of this contact."""
        owner = self.kept.get(file_id)
        return self._attachment(file_id) if owner is not None and owner[0] == contact else None

    async def open(self, contact: Address, file_id: str) -> OpenFile | None:
        """A file of this contact, to be read."""
        if await self.uploaded(contact, file_id) is None:
            return None
        _, name, content = self.kept[file_id]

        async def read(start: int, stop: int) -> AsyncIterator[bytes]:
            yield content[start:stop]

        return OpenFile(name, "text/plain", len(content), read)

    async def open_signed(
        self, channel: str, account: str, file_id: str, *, expires: str, signature: str
    ) -> OpenFile | None:
        """A file whose signature is its owner's name."""
        return await self.open(Address(channel, account, signature), file_id)

    def _attachment(self, file_id: str) -> Attachment:
        _, name, content = self.kept[file_id]
        return Attachment(file_id, name, "text/plain", len(content))
