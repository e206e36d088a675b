"""A call as its telephone system has told it so far, and what follows from that whatever the order of the news.

Reports may come twice, late, in any order, or not at all. So a call is not moved from state to state: each report adds
a fact, two reports of one kind agree on one of the two, and everything else is read off the facts. The same reports
lead to the same call in every order.

All marks are the telephone system's own times: it signs what it says, it has one clock for both ends of a limit of
ten seconds, and the way of a report to us is not the time in which an agent picks up.
"""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from router.contact import Contact
from router.decision import Decision
from router.effects import FollowCall, Words, words
from router.events import (
    CallAbandoned,
    CallEnded,
    CallEvent,
    CallOffered,
    CallPickedUp,
    CallScored,
    RecordingReady,
    VoicemailLeft,
)


class State(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


class Call(Struct, frozen=True):
    """One call. Every mark is an aware UTC timestamp, None while nothing is known of it."""

    ref: str
    """The telephone system's id."""
    began: datetime | None = None
    """The earliest time of all that was told."""
    offered: datetime | None = None
    picked_up: datetime | None = None
    """The first time that somebody did."""
    served: datetime | None = None
    """The last time that somebody did: a call may be passed on."""
    login: str = ""
    """Of whoever served it last, as the telephone system names them."""
    extension: str = ""
    abandoned: datetime | None = None
    hung_up: datetime | None = None
    ended_by: str = ""
    seconds: int = 0
    """How long they talked."""
    voicemail: datetime | None = None
    files: tuple[str, ...] = ()
    """What names each message on the machine and each recording, so that one that is reported twice is kept once."""
    scored: datetime | None = None
    score: int | None = None
    """0 to 100."""
    stars: int | None = None
    given_up: datetime | None = None
    """When it counted as over although nobody had said so."""

    @property
    def kind(self) -> str:
        """The subject's name in the standard."""
        return "call"

    @property
    def rang(self) -> datetime | None:
        """When people were first asked to take it."""
        return self.offered or self.picked_up

    @property
    def ended(self) -> datetime | None:
        """When it was over; what the telephone system says outweighs what was concluded from its silence."""
        return self.hung_up or self.abandoned or self.given_up

    @property
    def connected(self) -> bool:
        """Whether caller and agent have talked."""
        return self.picked_up is not None or self.seconds > 0

    @property
    def missed(self) -> datetime | None:
        """When the caller gave up waiting; None where somebody picked up or it still rings."""
        return None if self.connected else self.ended

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.ended is not None:
            return State.OVER
        return State.TALKING if self.connected else State.RINGING

    def fact(self, name: str) -> str | None:
        """The value of a fact that clauses ask for in ``when``."""
        return self.state.value if name == "state" else None

    def mark(self, name: str) -> datetime | None:
        """The mark of that name; a clause can only name a mark of this subject."""
        found: datetime | None = getattr(self, name)
        return found

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a call can be extended."""
        return None


def reported(contact: Contact, event: CallEvent) -> Decision:
    """A call is a matter of its own beside the contact's chats: it waits in no queue and is assigned by telephone."""
    return Decision(contact, (FollowCall(event),))


def told(call: Call, event: CallEvent) -> Call:
    """The call with one more report about it; one that says nothing new leaves it as it is.

    Of two reports of one kind the earlier counts, except that the last word on who served and how it ended stands.
    """
    call = replace(call, began=_earlier(call.began, event.at))
    match event:
        case CallOffered(_, at):
            return replace(call, offered=_earlier(call.offered, at))
        case CallPickedUp():
            return _picked_up(call, event)
        case CallEnded(_, at, by, seconds):
            later = call.hung_up is None or (at, by, seconds) > (call.hung_up, call.ended_by, call.seconds)
            return replace(call, hung_up=at, ended_by=by, seconds=seconds) if later else call
        case CallAbandoned(_, at):
            return replace(call, abandoned=_earlier(call.abandoned, at))
        case VoicemailLeft(_, at):
            return replace(call, voicemail=_earlier(call.voicemail, at), files=_with(call.files, event))
        case RecordingReady():
            return replace(call, files=_with(call.files, event))
        case CallScored(_, at, score, stars):
            first = call.scored is None or (at, score, stars or 0) < (call.scored, call.score or 0, call.stars or 0)
            return replace(call, scored=at, score=score, stars=stars) if first else call
        case _:
            assert_never(event)


def line(event: CallEvent, agent: str) -> Words:
    """What the thread says of a report, for the people at the desk.

    Args:
        event: the report.
        agent: the name of the agent who picked up, empty where none of ours did.
    """
    match event:
        case CallOffered():
            return words("call.offered")
        case CallPickedUp(extension=extension):
            who = agent or event.login or extension
            return words("call.picked_up", agent=who) if who else words("call.picked_up.unknown")
        case CallEnded(by=by, seconds=seconds):
            return words(f"call.ended.{by}", minutes=seconds // 60, seconds=seconds % 60)
        case CallAbandoned():
            return words("call.abandoned")
        case VoicemailLeft(seconds=seconds):
            return words("call.voicemail", minutes=seconds // 60, seconds=seconds % 60)
        case RecordingReady(seconds=seconds):
            return words("call.recording", minutes=seconds // 60, seconds=seconds % 60)
        case CallScored(score=score):
            return words("call.scored", score=score)
        case _:
            assert_never(event)


def _picked_up(call: Call, event: CallPickedUp) -> Call:
    call = replace(call, picked_up=_earlier(call.picked_up, event.at))
    known = (call.served, call.login, call.extension)
    if call.served is not None and (event.at, event.login, event.extension) <= known:
        return call
    return replace(call, served=event.at, login=event.login, extension=event.extension)


def _with(files: tuple[str, ...], event: VoicemailLeft | RecordingReady) -> tuple[str, ...]:
    name = event.media.ref if event.media is not None else event.at.isoformat()
    return tuple(sorted({*files, name}))


def _earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)
