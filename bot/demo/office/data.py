"""What the demo operator's offices work with, as ``templates/demo/office.toml`` has it."""

from typing import Literal

import msgspec
from msgspec import Struct

from bot.demo.data import Trouble
from bot.words import TEMPLATES
from router.tickets.ticket import TicketKind


class WrongRow(Struct, frozen=True):
    """What a row of a file has instead of something that holds."""

    column: str
    value: str


class Archive(Struct, frozen=True):
    """Files of tickets of the system before."""

    taken: str
    """The name of the file that is taken in."""
    checked: str
    """The name of the one that is looked over."""
    prefix: str
    """Of the tickets' numbers."""
    wrong: tuple[WrongRow, ...]


class Topic(Struct, frozen=True):
    """What complaints of a week are about."""

    business: str
    cause: str
    texts: tuple[str, ...]
    plan: str = ""
    """What was done about it; empty where somebody is still at it."""

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """The complaints."""
        return tuple(Trouble(TicketKind.COMPLAINT, self.business, text, self.cause) for text in self.texts)


class Appeals(Struct, frozen=True):
    """What appeals are about."""

    titles: tuple[str, ...]


class Programs(Struct, frozen=True):
    """Names of keys and of a subscriber."""

    key: str
    writing_key: str
    former_key: str
    hook: str
    url: str
    """Below a name that leads nowhere (RFC 2606)."""


class Filter(Struct, frozen=True):
    """A list of tickets that somebody keeps."""

    name: str
    kind: str = ""
    state: str = ""
    department: str = ""


class Reply(Struct, frozen=True):
    """A canned reply."""

    scope: Literal["personal", "team"]
    key: str
    title: str
    text: str


class Shopped(Struct, frozen=True):
    """What mystery shoppers note down on a channel."""

    channel: str
    remarks: tuple[str, ...]


class Errand(Struct, frozen=True):
    """Business that a customer does alone."""

    phrase: str
    answers: tuple[str, ...]
    note: str
    """What the customer is told when it is done."""


class Scene(Struct, frozen=True):
    """A chat that is under way when the demo ends."""

    fate: Literal["served", "aside", "refused", "waits"]
    channel: str
    minutes: int
    """Before the end."""
    said: tuple[str, ...]
    reply: str = ""
    note: str = ""
    last: str = ""
    """What the customer wrote after the answer."""
    appeal: str = ""
    """What the customer appeals about."""
    trouble: Trouble | None = None
    """What a department has to solve."""


class Office(Struct, frozen=True):
    """All of it."""

    archive: Archive
    growth: tuple[Topic, Topic]
    appeals: Appeals
    programs: Programs
    shifts: dict[str, str]
    filters: tuple[Filter, ...]
    canned: tuple[Reply, ...]
    shopped: tuple[Shopped, ...]
    errand: tuple[Errand, ...]
    scene: tuple[Scene, ...]


def read() -> Office:
    """Read the file."""
    return msgspec.toml.decode((TEMPLATES / "demo" / "office.toml").read_bytes(), type=Office)
