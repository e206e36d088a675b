"""A stand: how the contract of doors plays a platform before one door, and reads what the platform got."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, NoReturn, Protocol

import pytest

from channels.door import Address, Attachment, Choice, Door, Fetches, Inbound, Message, Outbound, Receipt
from router.events import CustomerEvent, Media, Said

SENT_AT = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
PICTURE = b"\x89PNG\r\n\x1a\n a picture"
OURS = Attachment("ours-1", "账单.png", "image/png", len(PICTURE))
"""A file of an agent's; what a stand's storage holds under its id is ``PICTURE``."""


class Letter(NamedTuple):
    """What a customer sends."""

    number: int = 1
    """The platform's id of it: the same number is the same event."""
    text: str = "怎么查话费"
    choice: str = ""
    """The id of a choice, where a button is tapped."""
    picture: bool = False
    """Whether it is a picture, ``PICTURE``, instead of a text."""


class Flaw(StrEnum):
    """What is wrong with a request."""

    FOREIGN = "foreign"
    """Signed with another key, or sent with another secret."""
    ABSENT = "absent"
    """Not signed at all."""
    ALTERED = "altered"
    """Changed after it was signed."""
    REPLAYED = "replayed"
    """Another event under a signature that has passed."""
    STALE = "stale"
    """Signed more than five minutes ago."""
    STRANGE = "strange"
    """Genuine, and of a kind that nobody has heard of."""
    BROKEN = "broken"
    """Genuine, and unreadable; what was written stands in it all the same."""
    LARGE = "large"
    """Genuine, and larger than anything that the platform sends."""
    ELSEWHERE = "elsewhere"
    """Genuine, for an account that nobody has set up."""


class Refusal(StrEnum):
    """Why the platform does not take our next message."""

    LATER = "later"
    """It is overloaded and has taken nothing."""
    PAUSED = "paused"
    """We are too fast: it says for how long to wait."""
    HALFWAY = "halfway"
    """It takes one more, and then, overloaded, nothing."""
    NEVER = "never"
    """The customer has gone."""
    UNSURE = "unsure"
    """It hangs up instead of an answer."""
    WINDOW = "window"
    """The customer wrote too long ago."""
    QUOTA = "quota"
    """We have written too often since the customer wrote."""


class Answer(NamedTuple):
    """What the platform hears from us."""

    status: int
    retry_after: str = ""
    reply: str = ""
    """What the customer reads in the answer's body, where that carries replies."""

    @property
    def taken(self) -> bool:
        """Whether the platform will not send it again."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether it was plainly refused."""
        return 400 <= self.status < 500


class Arrival(NamedTuple):
    """One message as the customer sees it."""

    text: str = ""
    choices: tuple[str, ...] = ()
    """Ids of its buttons, in order."""
    file: bytes = b""


class Keeps(Protocol):
    """The house behind a door: it stores each event once."""

    received: list[Inbound]
    failure: Exception | None
    """Raised instead of storing."""


@dataclass
class House:
    """A house that keeps what comes in, and says nothing."""

    failure: Exception | None = None
    received: list[Inbound] = field(default_factory=list)
    taken: set[tuple[Address, str]] = field(default_factory=set)

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store an event, each once."""
        if self.failure is not None:
            raise self.failure
        key = (inbound.address, inbound.source_id)
        repeated = key in self.taken
        if not repeated:
            self.taken.add(key)
            self.received.append(inbound)
        return Receipt(None, (), repeated=repeated)


@dataclass
class Shelf:
    """Our storage, in a dictionary."""

    kept: dict[str, bytes] = field(default_factory=lambda: {OURS.id: PICTURE})

    async def read(self, attachment_id: str) -> bytes:
        """A file's bytes."""
        return self.kept[attachment_id]


class Stand:
    """What the contract asks of a door's test; what it does not teach must stand among the rows that are absent.

    Args:
        door: under test.
        house: behind it.
        address: of the customer who writes.
    """

    def __init__(self, door: Door, house: Keeps, address: Address) -> None:
        self.door = door
        self.house = house
        self.address = address

    # What the platform brings ------------------------------------------------------------------------------------

    async def post(self, letter: Letter) -> Answer:
        """Bring what a customer sends, as the platform does."""
        self._untaught("post")

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        """Bring it with a flaw; for a replay, ``letter`` comes first as it should, then another under its signature."""
        self._untaught(f"forge: {flaw}")

    def meant(self, letter: Letter) -> CustomerEvent:
        """The event that a letter without a picture should become."""
        return Said(letter.text, choice=letter.choice)

    def media(self) -> Media | None:
        """The file of the last event."""
        event = self.house.received[-1].event
        return event.media if isinstance(event, Said) else None

    async def fetch(self, media: Media) -> bytes:
        """The bytes of a customer's file."""
        fetches: Fetches = self.door  # type: ignore[assignment]
        return (await fetches.fetch(self.address.account, media)).content

    # What the platform gets --------------------------------------------------------------------------------------

    async def deliver(self, *messages: Message, page: str = "", again: bool = False) -> list[Arrival]:
        """Let messages go out, which a page shows too, for the second time perhaps; returns all that has arrived."""
        await self.door.send(Outbound(self.address, messages, page=page, key="7-1777856400", again=again))
        return self.arrived()

    def arrived(self) -> list[Arrival]:
        """All that the customer has got, in order."""
        self._untaught("arrived")

    def refuse(self, refusal: Refusal) -> None:
        """Have the platform refuse our next message."""
        self._untaught(f"refuse: {refusal}")

    async def read(self, after: int) -> list[int]:
        """The numbers of the messages that a customer sees who comes back with all up to one of them."""
        self._untaught("read")

    def _untaught(self, what: str) -> NoReturn:
        pytest.fail(f"{type(self).__name__} has not been taught {what!r}, and no row says why it need not be")


def message(text: str, *choices: Choice, seq: int = 2, file: Attachment | None = None) -> Message:
    """A message of ours."""
    return Message(1, seq, "bot", text, choices, SENT_AT, attachment=file)
