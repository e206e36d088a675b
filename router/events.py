"""Everything that happens is an event: a customer's word, an agent's act, a deadline that passed, a delivery."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from router.customers import Proof
from router.questionnaire.questionnaire import Answers
from router.tickets.acts import Draft, Origin, TicketAct


class Kind(StrEnum):
    """What a customer's message is made of. Everything but text comes with a label instead of its content."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FILE = "file"
    CORRECTION = "correction"
    """A text that the customer has edited: it comes again as a message of its own."""
    OTHER = "other"


class Found(Struct, frozen=True, gc=False):
    """What the knowledge index made of a question: entry ids, best first.

    Exactly one entry with ``direct`` set is an answer; several are suggestions; none is a miss.
    """

    entries: tuple[str, ...] = ()
    direct: bool = False
    confidence: float = 0.0
    """Calibrated chance that the first entry is the right answer, 0 to 1."""


NOTHING_FOUND = Found()


class Media(Struct, frozen=True, gc=False):
    """A file that a customer sent, as the platform names it; its bytes are fetched later."""

    ref: str
    """What the platform hands the bytes out for: a media id, or the id of a file uploaded to us before."""
    name: str = ""
    type: str = ""
    """MIME type, where the platform tells one; never believed without a look at the bytes."""
    size: int | None = None
    """Bytes, where the platform tells it."""


# What customers do -----------------------------------------------------------------------------------------------


class Said(Struct, frozen=True, gc=False):
    """A customer wrote, or picked a choice that carries ``choice``."""

    text: str
    kind: Kind = Kind.TEXT
    choice: str = ""
    """The id of the tapped choice, where the channel tells it."""
    found: Found = NOTHING_FOUND
    media: Media | None = None
    tapped: bool = False
    """Whether the words were picked from a menu instead of written: a platform may grant fewer messages for that."""


class Followed(Struct, frozen=True):
    """A customer subscribed to the account, or opened the chat for the first time."""

    scene: str = ""
    """Where the QR code stood that was scanned, such as ``o:<outlet>``."""


class Unfollowed(Struct, frozen=True):
    """A customer left the account; nothing can be sent any more."""


class Tapped(Struct, frozen=True):
    """A customer touched the account without a word: a menu item, a scan. It renews the send budget only."""

    key: str


class Filled(Struct, frozen=True):
    """A customer filled in the page of a survey."""

    survey_id: int
    stars: int | None
    """1 to 5; None where the score has been given and this is only what is asked after it."""
    comment: str
    answers: Answers = Answers()
    """What else the questionnaire asks."""


class Outcome(StrEnum):
    """What became of a visit to an outlet."""

    SETTLED = "settled"
    """The matter is closed."""
    QUEUED = "queued"
    """The people at the desk take it over."""
    QUESTION = "question"
    """Written down, to be verified and answered later (clause ``enquiry.follow_up``)."""


class Visited(Struct, frozen=True):
    """A customer stood at the counter of an outlet, and the person behind it wrote down what they came for."""

    agent: int
    """Who stood behind the counter."""
    agent_name: str
    outlet: str
    """The outlet's name, as the thread shows it."""
    text: str
    """What the customer wants, in the words of whoever wrote it down."""
    reason: str
    """A wrap-up code: what it is about."""
    outcome: Outcome
    answer: str = ""
    """How it was settled, where it was."""


# What telephone systems report ------------------------------------------------------------------------------------


class CallOffered(Struct, frozen=True):
    """A call began to ring at people. ``call`` is the telephone system's id of it, ``at`` its time (aware, UTC)."""

    call: str
    at: datetime


class CallPickedUp(Struct, frozen=True):
    """Somebody picked a call up; of a transferred call, the next person did."""

    call: str
    at: datetime
    login: str = ""
    """The person's log-in at our desk, where the telephone system knows it."""
    extension: str = ""
    """The extension that picked up; it belongs to at most one agent."""


class CallEnded(Struct, frozen=True):
    """Both sides have hung up."""

    call: str
    at: datetime
    by: str
    """caller, agent or system."""
    seconds: int
    """How long they talked; 0 where nobody had picked up."""


class CallAbandoned(Struct, frozen=True):
    """The caller hung up before anybody had picked up."""

    call: str
    at: datetime


class VoicemailLeft(Struct, frozen=True):
    """The caller left a message on the machine."""

    call: str
    at: datetime
    seconds: int
    transcript: str = ""
    """What was said, where the telephone system understands speech."""
    media: Media | None = None


class RecordingReady(Struct, frozen=True):
    """The recording of a call can be fetched."""

    call: str
    at: datetime
    seconds: int
    media: Media


class CallScored(Struct, frozen=True):
    """The caller scored the service on the keypad, right after the call (clause ``survey.hotline``)."""

    call: str
    at: datetime
    score: int
    """0 to 100."""
    stars: int | None = None
    """1 to 5, where the caller was asked for stars."""


CallEvent = CallOffered | CallPickedUp | CallEnded | CallAbandoned | VoicemailLeft | RecordingReady | CallScored


class Proved(Struct, frozen=True):
    """A contact has proved who it is, without a word."""

    proof: Proof


class Observed(Struct, frozen=True):
    """Something happened on the platform that whoever serves the contact should know; nothing else changes."""

    what: str
    """A key of ``templates/words`` below ``note.``."""
    text: str = ""
    """What was said, where something was."""


class Bounced(Struct, frozen=True):
    """The platform had taken a message of ours, and tells now that it did not arrive."""

    key: str
    """The name that the message went under."""
    reason: str


# What people at the desk do ---------------------------------------------------------------------------------------


class Enclosed(Struct, frozen=True):
    """A file that goes with an agent's answer; it was uploaded at the desk before."""

    kind: Kind
    media: Media


class Anyway(Struct, frozen=True):
    """An agent has been told what an answer had better not say, and sends it all the same."""

    reason: str
    found: tuple[str, ...]
    """What was found, as ``kind:words``."""


class Replied(Struct, frozen=True):
    """An agent answered the customer."""

    agent: int
    name: str
    text: str
    """Empty where only files go."""
    version: int
    files: tuple[Enclosed, ...] = ()
    """Each goes as a message of its own; the first one carries the text."""
    invited: bool = False
    """Whether they are no owner, and were asked to help with leave to answer."""
    anyway: Anyway | None = None


class Noted(Struct, frozen=True):
    """An agent wrote a note that the customer never sees."""

    agent: int
    text: str
    call: int | None = None
    """The conversation of the call that it is about; None for the contact's open conversation."""
    mentions: tuple[int, ...] = ()
    """Colleagues whom it names."""


class GapMarked(Struct, frozen=True):
    """An agent found no answer in the knowledge to what the customer asks."""

    agent: int
    text: str
    """The question."""


class HandedBack(Struct, frozen=True):
    """An agent gave the conversation back to the bot."""

    agent: int
    version: int


class Requeued(Struct, frozen=True):
    """An agent put the conversation back into a queue, the present one or another."""

    agent: int
    version: int
    queue: str
    name: str = ""
    """The agent's."""
    note: str = ""
    """For whoever takes it next."""


class Transferred(Struct, frozen=True):
    """An agent asks a colleague to take the conversation over."""

    agent: int
    name: str
    version: int
    to: int
    to_name: str
    note: str = ""
    """For the colleague."""


class Invited(Struct, frozen=True):
    """An agent asks a colleague to help, and keeps the conversation."""

    agent: int
    name: str
    version: int
    whom: int
    whom_name: str
    answers: bool
    """Whether the colleague may answer the customer."""
    note: str = ""


class Excused(Struct, frozen=True):
    """A colleague who was asked to help does so no longer: they left, or the owner needs them no more."""

    agent: int
    """Who ends it: the colleague or the owner."""
    whom: int
    whom_name: str


class Offered(Struct, frozen=True):
    """The assignment found an agent in a queue whose conversations are accepted by hand.

    ``previous`` and ``version`` are what the assignment saw.
    """

    agent: int
    previous: int | None
    version: int


class Accepted(Struct, frozen=True):
    """An agent takes what is offered to them."""

    agent: int
    name: str


class Declined(Struct, frozen=True):
    """An agent does not take what is offered to them."""

    agent: int
    name: str


class Lapsed(Struct, frozen=True):
    """An agent has not answered an offer in time."""

    agent: int
    name: str
    until: datetime
    """The end of the offer (aware, UTC), which tells it from a later one."""


class Closed(Struct, frozen=True):
    """An agent ended the conversation with a wrap-up code."""

    agent: int
    name: str
    version: int
    wrapup: str


class Assigned(Struct, frozen=True):
    """The assignment found an agent, or an agent or leader took the conversation.

    ``previous`` and ``version`` are what the assignment saw; a conversation that has moved on since is left alone.
    """

    agent: int
    name: str
    previous: int | None
    version: int
    by: int | None = None
    """The person who took it by hand; None for the automatic assignment."""


class Abandoned(Struct, frozen=True):
    """The assignee has been gone longer than the grace: the conversation must not rest on them."""

    agent: int
    version: int


class Overflowed(Struct, frozen=True):
    """The conversation has waited so long in its queue that another one takes it over (clause ``org.levels``)."""

    version: int
    queue: str


class QuestionAnswered(Struct, frozen=True):
    """An agent answered an open question of this contact from the list of questions."""

    agent: int
    question_id: int
    question: str
    text: str
    called: bool = False
    """Whether it was answered by telephone: the text says what was said, and the customer is not sent it."""
    anyway: Anyway | None = None
    plan: bool = False
    """Whether this is the preliminary plan for a complex enquiry."""


class QuestionTaken(Struct, frozen=True):
    """An agent takes an open question, or hands it over to a colleague."""

    agent: int
    question_id: int
    owner: int
    before: int | None
    """Whose it was when they looked."""


class MarkedComplex(Struct, frozen=True):
    """An agent marks a chat as a complex enquiry: it waits for a preliminary plan (clause ``enquiry.plan``)."""

    agent: int
    version: int


class CallbackMoved(Struct, frozen=True):
    """A leader takes a call-back, has called, or has visited the customer again (clauses ``survey.low|revisit``)."""

    agent: int
    callback_id: int
    step: str
    """``take``, ``call`` or ``revisit``."""
    cause: str = ""
    """Why the customer was not satisfied, a code."""
    plan: str = ""
    """What is done about it."""
    departments: str = ""
    """With whose help."""
    won_back: bool | None = None
    remark: str = ""


class Unjoined(Struct, frozen=True):
    """A leader took this contact away from its customer: what it has proved counts no longer."""

    agent: int
    reason: str


class Watched(Struct, frozen=True):
    """A leader reads along in a chat that somebody else, or the bot, has."""

    agent: int
    name: str
    conversation: int
    told: bool
    """Whether whoever serves is told."""


class Whispered(Struct, frozen=True):
    """A leader says something to whoever serves; the customer never sees it."""

    agent: int
    version: int
    text: str


class Joined(Struct, frozen=True):
    """A leader answers beside the owner of a chat."""

    agent: int
    name: str
    version: int


class Urged(Struct, frozen=True):
    """A leader reminds the owner of a chat that the customer waits."""

    agent: int
    name: str


class GivenBack(Struct, frozen=True):
    """Whoever took a chat over gives it back to whom they took it from."""

    agent: int
    name: str
    version: int
    to: int
    to_name: str


class Reassigned(Struct, frozen=True):
    """A leader gives a chat to somebody, or into a queue."""

    agent: int
    name: str
    version: int
    to: int | None
    """None where it goes into a queue."""
    to_name: str
    queue: str
    reason: str
    """A code of table ``reassign_reasons``."""


class FormBegun(Struct, frozen=True):
    """An agent started a form for the customer whom they serve (clause ``business.guided``)."""

    agent: int
    version: int
    form: str


class RequestMoved(Struct, frozen=True):
    """A request of business was taken on: in hand, or done, with a word to the customer."""

    agent: int | None
    """None where the operator's interface did."""
    request_id: int
    before: str
    after: str
    title: str
    note: str
    """Empty where the customer is told the state alone."""


class CaseOpened(Struct, frozen=True):
    """An agent opens a case of a kind that a pack declares, for this contact."""

    agent: int
    kind: str
    title: str
    """What it is about, in a line."""
    facts: tuple[tuple[str, str], ...] = ()


class CaseMarked(Struct, frozen=True):
    """A case has come as far as a mark."""

    agent: int
    case_id: int
    kind: str
    mark: str


class TicketOpened(Struct, frozen=True):
    """An agent wrote a ticket down for the customer (clause ``ticket.complete``)."""

    agent: int
    name: str
    draft: Draft


class TicketImported(Struct, frozen=True):
    """A ticket of another system is followed here from now on; the customer is told of nothing."""

    draft: Draft
    origin: Origin


class TicketActed(Struct, frozen=True):
    """Somebody did something to a ticket of this contact."""

    agent: int
    name: str
    ticket_id: int
    version: int
    act: TicketAct


AgentAct = (
    Replied
    | Noted
    | GapMarked
    | HandedBack
    | Requeued
    | Transferred
    | Invited
    | Excused
    | Offered
    | Accepted
    | Declined
    | Lapsed
    | Closed
    | Assigned
    | Abandoned
    | Overflowed
    | QuestionAnswered
    | QuestionTaken
    | MarkedComplex
    | CallbackMoved
    | Unjoined
    | Watched
    | Whispered
    | Joined
    | Urged
    | GivenBack
    | Reassigned
    | FormBegun
    | RequestMoved
    | CaseOpened
    | CaseMarked
    | TicketOpened
    | TicketActed
)


CustomerEvent = (
    Said | Followed | Unfollowed | Tapped | Filled | Visited | CallEvent | Proved | Observed | Bounced | TicketImported
)
"""What comes with a contact's address."""


# What the clock and the workers report ----------------------------------------------------------------------------


class Fired(Struct, frozen=True):
    """A deadline reached a warning or its end."""

    clause: str
    subject: str
    """Its kind, such as conversation, question, survey, call, ticket or complaint."""
    subject_id: int
    step: int
    """How many of its thresholds have passed, 1 or more."""
    steps: int
    """How many thresholds it has up to the due time, which is the last of them; beyond it the ladder calls others."""
    agent: int | None = None
    """The owner of the subject, where it has one."""
    edition: int = 0
    """The edition of the standard that it runs under."""
    before: int = 0
    """How many thresholds had passed before."""

    @property
    def late(self) -> bool:
        """Whether the due time has passed, now or before."""
        return self.step >= self.steps

    @property
    def breached(self) -> bool:
        """Whether the due time itself has passed now: what the clause does then is done once."""
        return self.before < self.steps <= self.step

    @property
    def passed(self) -> tuple[int, ...]:
        """The thresholds that count: the latest only, and the due time where it was missed with a later one."""
        return (self.steps, self.step) if self.breached and self.step > self.steps else (self.step,)


class SurveyDue(Struct, frozen=True):
    """The job that sends surveys found this one due."""

    survey_id: int
    agent: str


class Undelivered(Struct, frozen=True):
    """The platform refused a message for good, or nobody knows whether it arrived."""

    sender: str
    reason: str
    unsure: bool
    ticket: int | None = None
    """The ticket that it told of."""


class Arrived(Struct, frozen=True):
    """A message has arrived after all, of which the customer's side had counted as unanswered."""

    sender: str
    """bot, agent, system or survey."""


class Stumbled(Struct, frozen=True):
    """The bot failed over a customer's message: it is stored as it is and a person takes over."""

    text: str
    kind: Kind
    media: Media | None = None


class Rebased(Struct, frozen=True):
    """A record is measured anew: by another edition of the standard, or since its marks were set elsewhere."""

    subject: str
    subject_id: int


Happening = Rebased | Fired | SurveyDue | Undelivered | Arrived | Stumbled

Event = CustomerEvent | AgentAct | Happening
