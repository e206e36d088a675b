"""Everything that is to be done is an effect; the bot room carries effects out in the turn's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from router.customers import Proof
from router.events import (
    CallbackMoved,
    CallEvent,
    Fired,
    Kind,
    Media,
    TicketActed,
    TicketImported,
    TicketOpened,
    Undelivered,
)
from router.forms.progress import Progress
from router.questionnaire.questionnaire import Answers


class Sender(StrEnum):
    """Who is shown as the author of a message."""

    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Words(Struct, frozen=True, gc=False):
    """A text by its key in ``templates/words``, with the values of its fields."""

    key: str
    fields: tuple[tuple[str, str | int | datetime], ...] = ()
    """Values by name; a datetime is aware and shown in the operator's zone."""


def words(key: str, **fields: str | int | datetime) -> Words:
    """Words by key with their fields."""
    return Words(key, tuple(fields.items()))


class Option(Struct, frozen=True, gc=False):
    """A choice offered with a message; its label is stored text or words by key."""

    id: str
    label: str | Words


class Say(Struct, frozen=True, gc=False):
    """Say something to the contact: stored text (an answer, an agent's words) or words by key."""

    text: str | Words
    options: tuple[Option, ...] = ()
    sender: Sender = Sender.BOT
    agent: int | None = None
    key: str = ""
    """What this saying is called in ``Contact.last_said``; by default the key of its words."""
    survey: bool = False
    kind: Kind = Kind.TEXT
    media: Media | None = None
    """A file that an agent sends."""
    ticket: int | None = None
    """The ticket that it tells of."""
    not_before: datetime | None = None
    """When it may be pushed (aware); None for at once."""


class TellPlace(Struct, frozen=True):
    """Tell the customer the place in the queue; the place is counted when the turn is saved."""

    key: str = "queue.place"


class WriteNote(Struct, frozen=True):
    """Keep a note in the thread that the customer never sees."""

    text: str | Words
    agent: int | None = None
    call: int | None = None
    """The conversation of the call that it is about; None for the contact's open conversation."""
    to: int | None = None
    """To whom it is whispered; None where every colleague may read it."""


class KeepTakeOver(Struct, frozen=True):
    """Remember from whom a conversation was taken by hand."""

    agent: int
    previous: int


class KeepTransfer(Struct, frozen=True):
    """Write down that an agent passes a conversation on: to an agent, or to a queue."""

    agent: int
    to: int | None
    queue: str
    """Empty where it goes to an agent."""
    note: str


class KeepInvitation(Struct, frozen=True):
    """A colleague sees the conversation from now on."""

    by: int
    whom: int
    answers: bool


class EndInvitation(Struct, frozen=True):
    """A colleague sees it no longer."""

    whom: int


class WriteWords(Struct, frozen=True):
    """Put a customer's own words into the thread that somebody else wrote down."""

    text: str
    kind: Kind = Kind.TEXT


class QuestionKind(StrEnum):
    """Why a question was written down."""

    GAP = "gap"
    """The bot did not know; nobody waits for an answer."""
    FOLLOW_UP = "follow_up"
    """Clause ``enquiry.follow_up``: the customer wants an answer."""
    OVERNIGHT = "overnight"
    """Clause ``message.overnight``: left out of service hours."""
    PLAN = "plan"
    """Clause ``enquiry.plan``: a complex enquiry, which waits for a preliminary plan."""


class MarkSnag(Struct, frozen=True):
    """Note that somebody should look in on a chat with the bot."""

    kind: str
    """As ``router.snags`` names it."""


class RecordQuestion(Struct, frozen=True):
    """Write a question down."""

    kind: QuestionKind
    text: str
    owner: int | None = None
    """Who answers it; None: whoever takes it."""


class GiveQuestion(Struct, frozen=True):
    """An open question is somebody's now; it is refused where it was not ``before``'s."""

    question_id: int
    owner: int
    before: int | None


class WantAnswer(Struct, frozen=True):
    """The customer wants an answer to the last question that the bot missed in this conversation."""

    kind: QuestionKind


class SettleQuestion(Struct, frozen=True):
    """Mark a question as answered by an agent."""

    question_id: int
    answer: str
    agent: int


class ScheduleSurvey(Struct, frozen=True):
    """Ask about this conversation later (clause ``survey.online``); ``agent`` served it."""

    agent: int
    ended: datetime
    at_close: bool = False
    """Whether it is asked at once, with the words that end the conversation."""


class MarkSurveyAsked(Struct, frozen=True):
    """The survey's question is part of this turn."""

    survey_id: int
    questionnaire: int
    """The version in which it is asked."""


class SurveyUndelivered(Struct, frozen=True):
    """The survey's question did not reach the customer."""

    survey_id: int


class DeferSurvey(Struct, frozen=True):
    """A chat is open: the survey waits for its end, and only the latest is asked."""

    survey_id: int


class RequestSurvey(Struct, frozen=True):
    """The survey is due: give it to the job that sends surveys."""

    survey_id: int


class ReleaseSurvey(Struct, frozen=True):
    """The later chat has ended without a service of its own: a deferred survey may be asked now."""


class RecordScore(Struct, frozen=True):
    """Record a score once, normalised to 0-100; whether it is the first is found when the turn is saved."""

    survey_id: int
    stars: int
    """1 to 5."""
    first: Say | None = None
    """Said where this is the score."""
    again: Say | None = None
    """Said where the survey has its score already."""


class RecordAnswers(Struct, frozen=True):
    """Record what else the questionnaire asks; each answer once, and only what it asks after that score."""

    survey_id: int
    answers: Answers


class RecordComment(Struct, frozen=True):
    """Record the optional comment of a survey."""

    survey_id: int
    text: str


class KeepCallback(Struct, frozen=True):
    """Take a call-back on; it is refused where somebody has been here before."""

    act: CallbackMoved


class FileRequest(Struct, frozen=True):
    """Put a finished form on record (clause ``business.guided``); the customer is told its number."""

    progress: Progress
    title: str
    urgent: bool
    call: str = ""
    """The operator's interface that gets it; empty where people do."""


class MoveRequest(Struct, frozen=True):
    """Take a request of business on; it is refused where somebody else has done so before."""

    request_id: int
    before: str
    after: str
    agent: int | None
    """None where the operator's interface did."""
    note: str
    said: Say | WriteNote
    """What is said once it is taken on."""


class KeepTicket(Struct, frozen=True):
    """Bring a ticket in line with what happened to it; what that leads to is decided when it is read."""

    event: TicketOpened | TicketImported | TicketActed | Fired | Undelivered


class Audience(StrEnum):
    """Who is alerted at the desk."""

    AGENT = "agent"
    LEADER = "leader"
    MANAGER = "manager"


class Alert(Struct, frozen=True):
    """Put something before a person at the desk, at once."""

    audience: Audience
    kind: str
    """A key of ``templates/words`` below ``alert.``."""
    agent: int | None = None
    improvement: int | None = None
    """The improvement that it is about; those who lead hear of it where it concerns them."""


class TellSystem(Struct, frozen=True):
    """Tell the operator's own system of an alert, as the ladder of its clause says."""

    kind: str
    """``warned`` or ``breached``, a dot, and the clause."""
    subject: str
    subject_id: int


class WantCode(Struct, frozen=True):
    """Send a one-time code to this telephone number, as far as that is allowed."""

    phone: str


class CheckCode(Struct, frozen=True):
    """See whether this is the code that was sent last."""

    code: str


class CheckTail(Struct, frozen=True):
    """See whether the customer's identity number ends like this."""

    said: str


class Join(Struct, frozen=True):
    """Keep what the contact has proved, and make it one customer with all who have proved the same."""

    proof: Proof


class Unjoin(Struct, frozen=True):
    """What the contact has proved counts no longer; it goes on as who it still is."""

    why: str
    agent: int | None = None
    """The leader who decided it; None where the customer did, who takes back telephone numbers only."""


class Refuse(Struct, frozen=True):
    """An act came too late or from a stale page; nothing changed."""

    reason: str
    """A key of ``templates/words`` below ``refused.``."""


class OpenCase(Struct, frozen=True):
    """Put a case on record, with its first mark."""

    kind: str
    title: str
    facts: Mapping[str, str]
    mark: str
    owner: int


class MarkCase(Struct, frozen=True):
    """Set a mark of a case; it is refused where that mark has been reached before, or the case is closed."""

    case_id: int
    mark: str
    agent: int
    last: bool
    """Whether the case ends with it."""


class Rederive(Struct, frozen=True):
    """Derive the deadlines of a record again, as the standard measures it now."""

    subject: str
    subject_id: int


class FollowCall(Struct, frozen=True):
    """Bring a call in line with a report about it; whether that is news is found when it is saved."""

    event: CallEvent


class GiveUpCall(Struct, frozen=True):
    """Nothing more has been heard of a call: it counts as over."""

    call_id: int


class KeepOutlet(Struct, frozen=True):
    """Remember the outlet whose QR code brought the contact here."""

    outlet: str


Effect = (
    Say
    | TellPlace
    | WriteNote
    | WriteWords
    | RecordQuestion
    | WantAnswer
    | SettleQuestion
    | GiveQuestion
    | KeepCallback
    | ScheduleSurvey
    | MarkSurveyAsked
    | SurveyUndelivered
    | DeferSurvey
    | RequestSurvey
    | ReleaseSurvey
    | RecordScore
    | RecordAnswers
    | RecordComment
    | Alert
    | TellSystem
    | WantCode
    | CheckCode
    | CheckTail
    | Join
    | Unjoin
    | Refuse
    | FollowCall
    | GiveUpCall
    | KeepOutlet
    | KeepTakeOver
    | KeepTransfer
    | KeepInvitation
    | EndInvitation
    | FileRequest
    | MoveRequest
    | OpenCase
    | MarkCase
    | Rederive
    | MarkSnag
    | KeepTicket
)
