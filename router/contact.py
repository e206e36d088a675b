"""A contact is a person on one channel, with all that a decision about the next event needs to know."""

from datetime import datetime

from msgspec import Struct

from router.conversation import Conversation
from router.forms.progress import Progress

SPOKEN = frozenset({"hotline", "outlet"})
"""Channels on which people speak with the customer: nothing that we write is read there by anybody but ourselves."""


class Budget(Struct, frozen=True, gc=False):
    """How many messages the platform still lets us push to this contact, and until when (aware, UTC)."""

    left: int
    expires: datetime | None


class Flood(Struct, frozen=True, gc=False):
    """How fast a contact has been writing: messages since the window began, and whether it was told to slow down."""

    since: datetime | None = None
    count: int = 0
    told: bool = False


class Survey(Struct, frozen=True, gc=False):
    """A survey that waits for its score or for an optional comment."""

    id: int
    agent: str
    """The display name of the agent whose service is asked about."""
    asked: datetime | None = None
    scored: datetime | None = None
    questionnaire: int = 0
    """The version in which it was asked; 0 where nobody knows."""


class Contact(Struct, frozen=True, gc=False):
    """A person on one channel."""

    id: int
    channel: str
    language: str = "zh"
    conversation: Conversation | None = None
    survey: Survey | None = None
    last_said: str = ""
    """The key of the last thing that we said, such as ``survey.ask``; empty after an agent's own words."""
    options: tuple[str, ...] = ()
    """Ids of the choices offered with it, in the order of their numbers."""
    flood: Flood = Flood()
    budget: Budget = Budget(0, None)
    closed: datetime | None = None
    """When the last conversation ended."""
    customer: int | None = None
    """The operator's customer whom this contact has proved to be."""
    form: Progress | None = None
    """A form under way."""
    region: str = ""
    """Where the customer belongs, as the operator's CRM says; empty where nobody knows."""
    level: str = ""
    """The customer's standing, in the CRM's own words."""
