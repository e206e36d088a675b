"""A door turns what a platform sends into events of one model, and our messages into what the platform takes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple, Protocol

from aiohttp import web
from msgspec import Struct

from router.events import CustomerEvent, Kind, Media

ANY_SIZE = 2**53
"""Bytes of a file where the platform sets no limit of its own."""


class DoorError(Exception):
    """What a door can say instead of an answer.

    DoorError
    ├── Unsupported    the platform's own business, nothing for us: answer 200
    ├── Malformed      not from the platform, or broken: answer 400 or 403
    ├── TryAgain       the platform did not take it now; later it may
    └── Undeliverable  the platform will never take it
    """


class Unsupported(DoorError):
    """A well-formed event that no conversation needs; it is answered as taken."""


class Malformed(DoorError):
    """A request that did not come from the platform, or that nobody can read.

    Args:
        reason: a constant word for the log, never text of the sender.
        status: the HTTP status to refuse with, 400, 403 or 413.
    """

    def __init__(self, reason: str, *, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class TryAgain(DoorError):
    """The platform refused for the moment.

    Args:
        after: how long to wait before the next try, None where the caller's own back-off decides.
        reason: a constant word or the platform's error code.
        unsure: whether the platform may have taken the message all the same.
        trouble: what is wrong with the account as a whole, where people must hear of it; a constant word.
        all_wait: whether ``after`` holds for everything that the account sends.
    """

    def __init__(
        self,
        reason: str,
        *,
        after: timedelta | None = None,
        unsure: bool = False,
        trouble: str = "",
        all_wait: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.unsure = unsure
        self.trouble = trouble
        self.all_wait = all_wait


class Undeliverable(DoorError):
    """The platform will never take this message: closed window, blocked contact, wrong account.

    Args:
        reason: a constant word or the platform's error code.
        trouble: what is wrong with the account as a whole, where people must hear of it; a constant word.
        unsure: whether an earlier try, whose outcome nobody knows, may have brought it there.
    """

    def __init__(self, reason: str, *, trouble: str = "", unsure: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble
        self.unsure = unsure


class Address(NamedTuple):
    """Where a contact is reached: the platform, our account on it, and the platform's name for the person."""

    channel: str
    account: str
    contact: str


class Voucher(Struct, frozen=True, gc=False):
    """A platform's leave to answer one event once, whatever the budget says."""

    code: str
    until: datetime
    """Aware, UTC."""


class Cursor(Struct, frozen=True, gc=False):
    """How far a list of events has been read that a platform keeps for us until we fetch it."""

    channel: str
    account: str
    source: str
    """The platform's name for the list."""
    before: str
    """Where the reading began; empty for the beginning."""
    after: str


class Inbound(Struct, frozen=True, gc=False):
    """One event from a platform, verified and parsed."""

    address: Address
    source_id: str
    """The platform's own id of this event: a repeat carries the same one."""
    event: CustomerEvent
    sent_at: datetime | None = None
    """When the platform says it was sent (aware, UTC); limits never run from it."""
    name: str = ""
    """The person's name on the platform, where it tells one."""
    language: str = ""
    """The language that the person reads, as a folder of words is called, where the platform tells one."""
    voucher: Voucher | None = None
    """With which the answers go."""
    cursor: Cursor | None = None
    """How far its list has been read with this event; written down in the event's own transaction."""


class Choice(Struct, frozen=True, gc=False):
    """A button, or a line of a numbered list where a door has no buttons."""

    id: str
    label: str


class Attachment(Struct, frozen=True):
    """A file of a message, kept in our own storage."""

    id: str
    """At least 128 random bits; knowing it is not enough to read the file."""
    name: str
    type: str
    """MIME type, found by a look at the bytes."""
    size: int
    """Bytes."""
    ready: bool = True
    """Whether the bytes are here; a platform's file is fetched after its message is stored."""
    url: str = ""
    """Where its contact may read it for a while; empty where it is not for the contact to read there."""

    @property
    def kind(self) -> Kind:
        """What a message is made of that carries it."""
        match self.type.partition("/")[0]:
            case "image":
                return Kind.IMAGE
            case "audio":
                return Kind.VOICE
            case "video":
                return Kind.VIDEO
            case _:
                return Kind.FILE


class Message(Struct, frozen=True, gc=False):
    """A stored message as a door and the pages see it."""

    contact_id: int
    seq: int
    """Counts up by one per contact, without gaps, over both directions."""
    sender: str
    """contact, bot, agent or system."""
    text: str
    choices: tuple[Choice, ...]
    sent_at: datetime
    kind: Kind = Kind.TEXT
    attachment: Attachment | None = None

    @property
    def id(self) -> str:
        """A name for this message, unique over all contacts."""
        return f"{self.contact_id}-{self.seq}"


class Outbound(Struct, frozen=True):
    """Messages of one turn on their way to a contact, in order."""

    address: Address
    messages: tuple[Message, ...]
    survey: bool = False
    """Whether the messages ask a survey (WeChat sends those as a msgmenu)."""
    page: str = ""
    """Address of the page that shows the contact these messages, or asks the survey; empty where there is none."""
    notice: bool = False
    """Whether the platform takes no messages for this contact now: only a notice that leads to the page may go."""
    voucher: Voucher | None = None
    """With which they go, whatever the budget says."""
    ends: bool = False
    """Whether they end the platform's session with the contact, which nobody has written to since."""
    key: str = ""
    """Names these messages for ever, in at most 27 characters of A-Z, a-z, 0-9 and -: each try carries the same one."""
    again: bool = False
    """Whether a try under this name may have brought them, or some of them, before."""


class Receipt(Struct, frozen=True, gc=False):
    """What became of an inbound event: stored, and answered with these replies."""

    message: Message | None
    """The stored message; None for events that leave none, such as a follow."""
    replies: tuple[Message, ...]
    repeated: bool = False
    """Whether the same source id had been taken before; the replies are the stored ones."""
    slowed: bool = False
    """Whether the contact is writing too fast and was told so."""
    refused: str = ""
    """Why an act changed nothing; a key of ``templates/words`` below ``refused.``."""
    outbox_id: int | None = None
    """The offered outbox row that the HTTP body of a passive reply fulfils."""


class Busy(Exception):
    """The writer cannot take more now, or the database is away: the caller should come back.

    Args:
        after: seconds after which a new try makes sense.
    """

    def __init__(self, after: int = 2) -> None:
        super().__init__("busy")
        self.after = after


class Capabilities(Struct, frozen=True):
    """What a platform can carry, as data."""

    text_limit: int
    """The most Chinese characters in one message; 0 where nothing can be written."""
    choices: bool
    """Whether choices show as buttons; otherwise they become a numbered list."""
    pushes: bool
    """Whether messages are pushed through the outbox; web and app read the message rows instead."""
    passive: bool = False
    """Whether the platform takes the first answer of a turn as the body of its own request."""
    reply_window: timedelta | None = None
    """How long after the contact's last act a message may still be sent."""
    quota: int | None = None
    """How many messages one such window carries."""
    sessions: bool = False
    """Whether the platform counts sessions: the words that end a conversation end the session and cost nothing."""
    sleeps: bool = False
    """Whether its devices may sleep, and are woken over the operator's own system."""
    idempotent: bool = False
    """Whether the platform takes a message under an id of ours once only, so that a call of unknown outcome may be made
    again."""
    files: Mapping[str, int] = MappingProxyType({})
    """The most bytes of a file that can be sent, by MIME type; ``*`` stands for all types that are not named."""


class Receive(Protocol):
    """Takes an inbound event in: stores it, decides, and returns when all is committed."""

    def __call__(self, inbound: Inbound, /) -> Awaitable[Receipt]:
        """Raises: Busy when the event could not be stored now."""
        ...


Fulfil = Callable[[int], None]
"""Tells that the HTTP body of an offered outbox row has been written."""
Miss = Callable[[Inbound, int], None]
"""Tells that no HTTP body could carry the offered outbox row of this event; a retry of it may yet."""


class Door(Protocol):
    """One platform."""

    name: str
    capabilities: Capabilities

    def routes(self) -> Iterable[web.RouteDef]:
        """The HTTP routes on which the platform reaches us."""
        ...

    async def send(self, outbound: Outbound) -> str:
        """Hand messages to the platform and return its id for them.

        Raises:
            TryAgain: not taken now.
            Undeliverable: never to be taken.
        """
        ...


class Fetched(Struct, frozen=True):
    """A file as a platform hands it out."""

    content: bytes
    name: str = ""
    type: str = ""
    """MIME type as the platform calls it."""


class Fetches(Protocol):
    """A door whose platform keeps customers' files until they are asked for."""

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Get the bytes of a customer's file.

        Raises:
            TryAgain: not handed out now.
            Undeliverable: never to be handed out: expired, too large, withdrawn.
        """
        ...


class Files(Protocol):
    """Our own storage, for doors that send files on."""

    async def read(self, attachment_id: str) -> bytes:
        """The bytes of a stored file. Raises: KeyError where there is none."""
        ...


def as_numbered_list(text: str, choices: Sequence[Choice]) -> str:
    """Write choices below a text as a numbered list; a typed number picks one."""
    if not choices:
        return text
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1)]
    return "\n".join([text, *lines])
