"""Everything that is to be done is an effect; the bot room carries effects out in the turn's own transaction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sender(StrEnum):
    """Who is shown as the author of a message."""

    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Words:
    """A text by its key in ``templates/words``, with the values of its fields."""

    key: str
    fields: tuple[tuple[str, str | int | datetime], ...] = ()
    """Values by name; a datetime is aware and shown in the operator's zone."""


def words(key: str, **fields: str | int | datetime) -> Words:
    """Words by key with their fields."""
    return Words(key, tuple(fields.items()))


@dataclass(frozen=True, slots=True)
class Option:
    """A choice offered with a message; its label is stored text or words by key."""

    id: str
    label: str | Words


@dataclass(frozen=True, slots=True)
class Say:
    """Say something to the contact: stored text (an answer, an agent's words) or words by key."""

    text: str | Words
    options: tuple[Option, ...] = ()
    sender: Sender = Sender.BOT
    agent: int | None = None
    key: str = ""
    """What this saying is called in ``Contact.last_said``; by default the key of its words."""
    survey: bool = False


@dataclass(frozen=True, slots=True)
class TellPlace:
    """Tell the customer the place in the queue; the place is counted when the turn is saved."""

    key: str = "queue.place"


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Keep a note in the thread that the customer never sees."""

    text: str | Words
    agent: int | None = None


class QuestionKind(StrEnum):
    """Why a question was written down."""

    GAP = "gap"
    """The bot did not know; nobody waits for an answer."""
    FOLLOW_UP = "follow_up"
    """Clause ``enquiry.follow_up``: the customer wants an answer."""
    OVERNIGHT = "overnight"
    """Clause ``message.overnight``: left out of service hours."""


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """Write a question down."""

    kind: QuestionKind
    text: str


@dataclass(frozen=True, slots=True)
class WantAnswer:
    """The customer wants an answer to the last question that the bot missed in this conversation."""

    kind: QuestionKind


@dataclass(frozen=True, slots=True)
class SettleQuestion:
    """Mark a question as answered by an agent."""

    question_id: int
    answer: str
    agent: int


@dataclass(frozen=True, slots=True)
class ScheduleSurvey:
    """Ask about this conversation later (clause ``survey.online``); ``agent`` served it."""

    agent: int
    ended: datetime


@dataclass(frozen=True, slots=True)
class MarkSurveyAsked:
    """The survey's question is part of this turn."""

    survey_id: int


@dataclass(frozen=True, slots=True)
class DeferSurvey:
    """A chat is open: the survey waits for its end, and only the latest is asked."""

    survey_id: int


@dataclass(frozen=True, slots=True)
class RequestSurvey:
    """The survey is due: give it to the job that sends surveys."""

    survey_id: int


@dataclass(frozen=True, slots=True)
class ReleaseSurvey:
    """The later chat has ended without a service of its own: a deferred survey may be asked now."""


@dataclass(frozen=True, slots=True)
class RecordScore:
    """Record a score once, normalised to 0-100."""

    survey_id: int
    stars: int
    """1 to 5."""


@dataclass(frozen=True, slots=True)
class RecordComment:
    """Record the optional comment of a survey."""

    survey_id: int
    text: str


class Audience(StrEnum):
    """Who is alerted at the desk."""

    AGENT = "agent"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Alert:
    """Put something before a person at the desk, at once."""

    audience: Audience
    kind: str
    """A key of ``templates/words`` below ``alert.``."""
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """An act came too late or from a stale page; nothing changed."""

    reason: str
    """A key of ``templates/words`` below ``refused.``."""


Effect = (
    Say
    | TellPlace
    | WriteNote
    | RecordQuestion
    | WantAnswer
    | SettleQuestion
    | ScheduleSurvey
    | MarkSurveyAsked
    | DeferSurvey
    | RequestSurvey
    | ReleaseSurvey
    | RecordScore
    | RecordComment
    | Alert
    | Refuse
)
