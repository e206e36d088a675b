"""What a call of the API asks for: its query and its body, read into frozen types; what is none of ours is refused."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from bot.api.v1.problems import Refused
from router.conversation import Status
from router.tickets.ticket import Grade, State, TicketKind

PLAIN = r"^[^\x00-\x1f]*$"
Word = Annotated[str, Meta(min_length=1, max_length=64, pattern=PLAIN)]
Moment = Annotated[datetime, Meta(tz=True)]
Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Optional = Annotated[str, Meta(max_length=64, pattern=PLAIN)]
Short = Annotated[str, Meta(max_length=200, pattern=PLAIN)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
"""The version that was seen, where it matters that nothing has changed since."""
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
T = TypeVar("T", bound=Struct)


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of a list."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=200)] = ""


class Conversations(Page, frozen=True):
    """Which conversations; what is not given asks for all."""

    status: Status | None = None
    queue: Word | None = None
    channel: Word | None = None
    assignee: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    opened_since: Moment | None = None
    opened_before: Moment | None = None


class Surveys(Page, frozen=True):
    """Which surveys."""

    conversation: Id | None = None
    scored: Literal["yes", "no"] | None = None
    ended_since: Moment | None = None
    ended_before: Moment | None = None


class Deadlines(Page, frozen=True):
    """Which deadlines."""

    subject: Word | None = None
    subject_id: Id | None = None
    clause: Word | None = None
    state: Literal["running", "late", "met", "met_late", "voided"] | None = None


class Tickets(Page, frozen=True):
    """Which tickets."""

    kind: TicketKind | None = None
    state: State | None = None
    department: Word | None = None
    grade: Grade | None = None
    created_since: Moment | None = None
    created_before: Moment | None = None


class About(Struct, frozen=True, forbid_unknown_fields=True):
    """What a ticket is about beside its text."""

    number: Short = ""
    place: Short = ""
    day: date | None = None
    time: Annotated[str, Meta(pattern=r"^$|^([01][0-9]|2[0-3]):[0-5][0-9]$")] = ""


class NewTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket to be."""

    conversation: Id
    kind: TicketKind
    business: Word
    text: Text
    cause: Optional = ""
    """Of a complaint: the responsible matter."""
    department: Optional = ""
    """Empty: where the business type leads."""
    people: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    loss: Annotated[int, Meta(ge=0, le=10_000_000_000)] = 0
    """Yuan."""
    about: About = About()


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """Progress, of which the customer is told."""

    text: Text
    called: bool = False
    """Whether the customer was told by telephone, so that nothing is sent."""
    version: Version | None = None


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """A line for colleagues."""

    text: Text


class Close(Struct, frozen=True, forbid_unknown_fields=True):
    """The end of a conversation."""

    wrapup: Word
    version: Version | None = None


def query(request: web.Request, kind: type[T]) -> T:
    """The query of a call. Raises: Refused where it makes no sense."""
    given = dict(request.query)
    if len(given) < len(request.query):
        raise Refused(400, "query_wrong", "a parameter is given twice")
    try:
        found = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, "query_wrong", str(error)) from error
    return found


async def body(request: web.Request, kind: type[T]) -> tuple[T, bytes]:
    """The body of a call, and its bytes. Raises: Refused where it makes no sense."""
    if request.content_type != "application/json":
        raise Refused(415, "json_wanted")
    given = await request.read()
    try:
        return msgspec.json.decode(given, type=kind), given
    except msgspec.ValidationError as error:
        raise Refused(422, "body_wrong", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, "json_wrong", str(error)) from error
