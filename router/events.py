"""Everything that happens is an event: a customer's word, an agent's act, a deadline that passed, a delivery."""

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a customer's message is made of. Everything but text comes with a label instead of its content."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FILE = "file"
    OTHER = "other"


class Found(Struct, frozen=True):
    """What the knowledge index made of a question: entry ids, best first.

    Exactly one entry with ``direct`` set is an answer; several are suggestions; none is a miss.
    """

    entries: tuple[str, ...] = ()
    direct: bool = False
    confidence: float = 0.0
    """Calibrated chance that the first entry is the right answer, 0 to 1."""


NOTHING_FOUND = Found()


class Media(Struct, frozen=True):
    """A file that a customer sent, as the platform names it; its bytes are fetched later."""

    ref: str
    """What the platform hands the bytes out for: a media id, or the id of a file uploaded to us before."""
    name: str = ""
    type: str = ""
    """MIME type, where the platform tells one; never believed without a look at the bytes."""
    size: int | None = None
    """Bytes, where the platform tells it."""


# What customers do -----------------------------------------------------------------------------------------------


class Said(Struct, frozen=True):
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
    """1 to 5; None where the score has been given and this is only the comment on it."""
    comment: str


CustomerEvent = Said | Followed | Unfollowed | Tapped | Filled


# What people at the desk do ---------------------------------------------------------------------------------------


class Replied(Struct, frozen=True):
    """An agent answered the customer."""

    agent: int
    name: str
    text: str
    version: int
    kind: Kind = Kind.TEXT
    """What the file is, where one goes with the answer."""
    media: Media | None = None
    """A file that was uploaded at the desk before."""


class Noted(Struct, frozen=True):
    """An agent wrote a note that the customer never sees."""

    agent: int
    text: str


class HandedBack(Struct, frozen=True):
    """An agent gave the conversation back to the bot."""

    agent: int
    version: int


class Requeued(Struct, frozen=True):
    """An agent put the conversation back into a queue, the present one or another."""

    agent: int
    version: int
    queue: str


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


class QuestionAnswered(Struct, frozen=True):
    """An agent answered an open question of this contact from the list of questions."""

    agent: int
    question_id: int
    question: str
    text: str


AgentAct = Replied | Noted | HandedBack | Requeued | Closed | Assigned | Abandoned | QuestionAnswered


# What the clock and the workers report ----------------------------------------------------------------------------


class Fired(Struct, frozen=True):
    """A deadline reached a warning or its end."""

    clause: str
    subject: str
    """conversation, question or survey."""
    subject_id: int
    step: int
    """How many of its thresholds have passed, 1 or more."""
    steps: int
    """How many thresholds it has; the last one is the due time."""
    agent: int | None = None
    """The owner of the subject, where it has one."""

    @property
    def breached(self) -> bool:
        """Whether the due time itself has passed."""
        return self.step >= self.steps


class SurveyDue(Struct, frozen=True):
    """The job that sends surveys found this one due."""

    survey_id: int
    agent: str


class Undelivered(Struct, frozen=True):
    """The platform refused a message for good, or nobody knows whether it arrived."""

    sender: str
    reason: str
    unsure: bool


class Stumbled(Struct, frozen=True):
    """The bot failed over a customer's message: it is stored as it is and a person takes over."""

    text: str
    kind: Kind
    media: Media | None = None


Happening = Fired | SurveyDue | Undelivered | Stumbled

Event = CustomerEvent | AgentAct | Happening
