"""What a decision is: the contact as it now stands, and what is to be done."""

from msgspec import Struct
from msgspec.structs import replace

from router.contact import Contact
from router.conversation import MOVES, Conversation, Status
from router.effects import Effect


class Decision(Struct, frozen=True, gc=False):
    """The contact's next state and the effects, in the order in which they are carried out."""

    contact: Contact
    effects: tuple[Effect, ...] = ()


class Answered(Decision, frozen=True, gc=False):
    """A decision that answers the customer's question and changes nothing else: its one effect says the answer."""

    answer: str = ""
    """As it is stored."""


class ImpossibleMove(Exception):
    """A decision tried a move that the table of moves does not have."""


def moved(conversation: Conversation, status: Status) -> Conversation:
    """Take a conversation to another status and count its version up; what was offered is so no longer.

    Raises:
        ImpossibleMove: ``MOVES`` has no such move.
    """
    if status not in MOVES[conversation.status]:
        raise ImpossibleMove(f"{conversation.status} -> {status}")
    return replace(conversation, status=status, version=conversation.version + 1, offer=None)


def holding(contact: Contact, conversation: Conversation, *effects: Effect) -> Decision:
    """A decision that leaves the contact with this conversation."""
    return Decision(replace(contact, conversation=conversation), effects)
