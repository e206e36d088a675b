"""What a telephone system may report: the vocabulary of ``docs/hotline.md`` as types, and as events of ours."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from channels.door import Address, Inbound, Malformed, Unsupported
from channels.telephone import masked, spelled
from router import events
from router.events import CallEvent, Media

CHANNEL = "hotline"
AHEAD = timedelta(minutes=5)
"""How far a telephone system's clock may be ahead of ours."""
OLDEST = timedelta(days=30)
"""Beyond it a report would not be known as a repeat any more."""
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

CallId = Annotated[str, Meta(pattern=r"^[!-~]{1,128}$", description="The telephone system's id of the call.")]
Number = Annotated[str, Meta(min_length=3, max_length=40, description="A telephone number in any usual spelling.")]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]
Url = Annotated[str, Meta(pattern=r"^https?://[!-~]{1,2000}$")]
Moment = Annotated[datetime, Meta(tz=True, description="When it happened, RFC 3339 with a time zone.")]
Name = Annotated[str, Meta(pattern=r"^[!-~]{1,64}$")]


class Caller(Struct, frozen=True, kw_only=True):
    """Which call, and who calls; the number is null where the caller withholds it."""

    call: CallId
    caller: Number | None


class PickedUp(Caller, frozen=True, kw_only=True):
    """Who picked up: their log-in at our desk, or their extension."""

    login: Name | None = None
    extension: Name | None = None


class Ended(Caller, frozen=True, kw_only=True):
    """Who hung up, and how long they had talked; 0 seconds where nobody had picked up."""

    by: Literal["caller", "agent", "system"]
    seconds: Seconds


class Voicemail(Caller, frozen=True, kw_only=True):
    """A message on the machine: where it can be fetched, what was said, or both."""

    seconds: Seconds = 0
    transcript: Annotated[str, Meta(max_length=4000)] | None = None
    recording: Url | None = None


class Recording(Caller, frozen=True, kw_only=True):
    """Where the recording of the call can be fetched."""

    recording: Url
    seconds: Seconds = 0
    content_type: Annotated[str, Meta(max_length=100)] = ""


class Score(Caller, frozen=True, kw_only=True):
    """The score that the caller keyed in, and its scale."""

    score: Annotated[int, Meta(ge=0, le=100)]
    scale: Literal["1-5", "0-100"] = "1-5"


class CallOffered(Struct, frozen=True, tag="call.offered"):
    """The call begins to ring at people."""

    timestamp: Moment
    data: Caller


class CallPickedUp(Struct, frozen=True, tag="call.picked_up"):
    """Somebody picked it up, or took it over."""

    timestamp: Moment
    data: PickedUp


class CallEnded(Struct, frozen=True, tag="call.ended"):
    """The call is over."""

    timestamp: Moment
    data: Ended


class CallAbandoned(Struct, frozen=True, tag="call.abandoned"):
    """The caller hung up while it rang."""

    timestamp: Moment
    data: Caller


class VoicemailLeft(Struct, frozen=True, tag="voicemail.left"):
    """The caller left a message."""

    timestamp: Moment
    data: Voicemail


class RecordingReady(Struct, frozen=True, tag="recording.ready"):
    """The recording can be fetched."""

    timestamp: Moment
    data: Recording


class IvrScore(Struct, frozen=True, tag="ivr.score"):
    """The caller scored the service after the call."""

    timestamp: Moment
    data: Score


Report = CallOffered | CallPickedUp | CallEnded | CallAbandoned | VoicemailLeft | RecordingReady | IvrScore


class Head(Struct, frozen=True):
    """What every report begins with, known to us or not."""

    type: str


_DECODER: msgspec.json.Decoder[Report] = msgspec.json.Decoder(Report)
TYPES = frozenset(
    {"call.offered", "call.picked_up", "call.ended", "call.abandoned", "voicemail.left", "recording.ready", "ivr.score"}
)


def read(body: bytes) -> Report:
    """Read a report.

    Raises:
        Unsupported: a type of report that no conversation needs.
        Malformed: no JSON, or a field is missing, of another type or out of its bounds.
    """
    try:
        if msgspec.json.decode(body, type=Head).type not in TYPES:
            raise Unsupported("report_without_meaning")
        return _DECODER.decode(body)
    except msgspec.ValidationError:
        raise Malformed("report_invalid", status=422) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("not_json") from None


def parse(report: Report, *, account: str, source_id: str, now: datetime) -> Inbound:
    """A report as an event of the caller's contact.

    Args:
        report: as read.
        account: the name of our account that it was posted to.
        source_id: the report's own id.
        now: aware UTC.

    Raises:
        Malformed: a time, a number or a score that cannot be.
    """
    at = report.timestamp
    if not now - OLDEST <= at <= now + AHEAD:
        raise Malformed("time_impossible", status=422)
    contact, name = _caller(report.data)
    return Inbound(Address(CHANNEL, account, contact), source_id, _event(report), at, name)


def _caller(data: Caller) -> tuple[str, str]:
    """The contact's address and the name that the desk shows; a withheld number is a contact per call."""
    if data.caller is None:
        return f"call:{data.call}", ""
    try:
        number = spelled(data.caller)
    except ValueError:
        raise Malformed("number_unreadable", status=422) from None
    return number, masked(number)


def _event(report: Report) -> CallEvent:
    at = report.timestamp
    match report:
        case CallOffered(data=data):
            return events.CallOffered(data.call, at)
        case CallPickedUp(data=data):
            return events.CallPickedUp(data.call, at, (data.login or "").lower(), data.extension or "")
        case CallEnded(data=data):
            return events.CallEnded(data.call, at, data.by, data.seconds)
        case CallAbandoned(data=data):
            return events.CallAbandoned(data.call, at)
        case VoicemailLeft(data=data):
            words = UNSTORABLE.sub("", data.transcript or "").strip()
            return events.VoicemailLeft(data.call, at, data.seconds, words, _media(data.recording))
        case RecordingReady(data=data):
            media = Media(data.recording, type=UNSTORABLE.sub("", data.content_type))
            return events.RecordingReady(data.call, at, data.seconds, media)
        case IvrScore(data=data):
            return _scored(data, at)


def _scored(data: Score, at: datetime) -> CallEvent:
    if data.scale == "0-100":
        return events.CallScored(data.call, at, data.score)
    if not 1 <= data.score <= 5:
        raise Malformed("score_impossible", status=422)
    return events.CallScored(data.call, at, (data.score - 1) * 25, data.score)


def _media(url: str | None) -> Media | None:
    return None if url is None else Media(url)
