"""What the web door asks of the house behind it: sessions by token, the thread of a contact as it grows, its files."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from channels.door import Address, Attachment, Message
from channels.serving import OpenFile


class Sessions(Protocol):
    """Who holds which token."""

    async def open(
        self, channel: str, account: str, subject: str | None, *, name: str = "", language: str = ""
    ) -> tuple[str, str]:
        """Open a session for a known subject, or for a visitor without a name.

        Args:
            channel: ``web`` or ``app``.
            account: by name.
            subject: the operator's own name for the customer.
            name: what the operator calls the customer, for people; empty where it does not say.
            language: a folder of words; empty where none was named.

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

    async def end(self, token: str) -> None:
        """Let a token speak for nobody any more. Raises: Busy."""
        ...

    async def end_all(self, address: Address) -> None:
        """End all sessions of a contact, on every device. Raises: Busy."""
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
    minutes: int | None = None
    """The estimated wait in a queue in whole minutes; None outside one, and where nobody can say."""


class News(StrEnum):
    """What may have happened to a contact."""

    THREAD = "thread"
    """There may be new messages, or somebody else may have the word."""
    TYPING = "typing"
    """An agent is writing to the contact at this moment."""
    REACH = "reach"
    """The desk has read further."""
    ENDED = "ended"
    """A session of the contact has been ended."""


class Ear(Protocol):
    """Listens for news of many contacts; news between two waits is not missed."""

    def follow(self, address: Address) -> bool:
        """Hear of a contact from now on; whether this is new, so that what came before is to be read first."""
        ...

    def leave(self, address: Address) -> None:
        """Hear of a contact no more."""
        ...

    async def wait(self, seconds: float) -> Mapping[Address, Collection[News]]:
        """Return at the first news, or with none after so many seconds at most."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """How a thread stands, told by one statement for many contacts."""

    seq: int
    """Of the newest line, which may be a note of the desk."""
    state: str
    """Changes whenever the conversation does."""
    queued: bool
    """Whether the conversation waits, so that its place changes as others leave."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far messages have got: each number is a ``seq`` up to which all is so."""

    delivered: int = 0
    """Has arrived on a device of the contact."""
    read: int = 0
    """Was seen by the contact; never ahead of ``delivered``."""
    heard: int = 0
    """Was seen by the agent who has the conversation."""


class Reaches(Protocol):
    """How far threads have got on the contacts' devices and at the desk, and who is writing at this moment."""

    async def of(self, address: Address) -> Reach:
        """How far a thread has got. Raises: Busy."""
        ...

    async def note(self, address: Address, *, delivered: int, read: int) -> Reach:
        """Store what a device tells; a number never goes back, nor beyond the thread's end. Raises: Busy."""
        ...

    def hint(self, address: Address, *, delivered: int, read: int) -> None:
        """The same, stored soon. Never blocks, never fails; what is lost, the device tells again."""
        ...

    async def unread(self, address: Address) -> int:
        """How many messages to the contact lie behind the last one read. Raises: Busy."""
        ...

    def typing(self, address: Address) -> None:
        """The contact is writing at this moment. Never blocks, never fails, leaves no trace."""
        ...


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

    def ear(self) -> Ear:
        """An ear that follows nobody yet."""
        ...

    async def heads(self, addresses: Collection[Address]) -> Mapping[Address, Head]:
        """How the threads of these contacts stand; those who have not written yet are left out. Raises: Busy."""
        ...
