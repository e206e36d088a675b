"""What the web door asks of the house behind it: sessions by token, the thread of a contact as it grows, its files."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from channels.door import Address, Attachment, Message
from channels.serving import OpenFile


class Sessions(Protocol):
    """Who holds which token."""

    async def open(self, channel: str, account: str, subject: str | None) -> tuple[str, str]:
        """Open a session for a known subject, or for a visitor without a name.

        Returns:
            The token, 256 random bits, and the contact: ``u:<subject>``, or ``v:`` and 128 random bits.

        Raises:
            Busy: the session could not be stored now.
        """
        ...

    async def find(self, token: str) -> Address | None:
        """The contact that a token speaks for; None for a token that is unknown or has lapsed.

        Raises:
            Busy: the token could not be looked up now.
        """
        ...


class Files(Protocol):
    """Files of contacts."""

    @property
    def limit(self) -> int:
        """Bytes that a file may have."""
        ...

    async def add(self, contact: Address, content: bytes, name: str) -> Attachment:
        """Take an upload in. Raises: Malformed where it is not taken; Busy."""
        ...

    async def uploaded(self, contact: Address, file_id: str) -> Attachment | None:
        """A file that this contact has uploaded, sent already or not. Raises: Busy."""
        ...

    async def open(self, contact: Address, file_id: str) -> OpenFile | None:
        """A file that this contact may read. Raises: Busy."""
        ...

    async def open_signed(
        self, channel: str, account: str, file_id: str, *, expires: str, signature: str
    ) -> OpenFile | None:
        """A file whose contact was given a signed address. Raises: Busy."""
        ...


class Changes(Protocol):
    """Waits for news of one contact; news between two waits is not missed."""

    async def wait(self, seconds: float) -> object:
        """Return at the first news, or after so many seconds at most: the caller reads again either way."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has the word in the contact's conversation."""

    status: str = "bot"
    """bot, queued or assigned; a contact without an open conversation stands with the bot."""
    place: int = 0
    """The place in the queue, from 1; 0 outside a queue."""
    agent: str = ""
    """The display name of the assignee."""


class Threads(Protocol):
    """The messages of contacts, both directions, without the notes of the desk."""

    async def after(self, address: Address, seq: int, limit: int) -> tuple[Message, ...]:
        """The first messages behind ``seq``, oldest first. Raises: Busy."""
        ...

    async def before(self, address: Address, seq: int, limit: int) -> tuple[Message, ...]:
        """The last messages ahead of ``seq``, oldest first. Raises: Busy."""
        ...

    async def standing(self, address: Address) -> Standing:
        """Who has the word now. Raises: Busy."""
        ...

    def watch(self, address: Address) -> AbstractContextManager[Changes]:
        """Listen for news of a contact, who need not have written yet."""
        ...

    def begun(self, address: Address) -> None:
        """The contact's first message has been stored: whoever has watched since before it looks now."""
        ...
