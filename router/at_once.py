"""Questions that are answered at once: what most messages are, decided without asking what else each could mean.

A customer asks something that the knowledge answers, in the course of a conversation with the bot, and nothing else is
under way. Wherever anything else could be meant, nothing is decided here; what is decided here is the same as by the
long way, which a test holds beside it.
"""

from datetime import datetime

from msgspec.structs import replace

from router import binding
from router.contact import Contact
from router.conversation import Status
from router.decision import Answered
from router.dialogue import LEAVE_ASKED, counted, plain
from router.effects import Say
from router.events import Kind, Said
from router.snags import angry
from router.world import World

LONGEST_NUMBER = 2
"""Characters; so short a text may be the number of a choice."""


def answered(contact: Contact, event: Said, world: World, now: datetime) -> Answered | None:
    """The answer to a plain question; None where there is more to decide.

    Args:
        contact: the contact with its open conversation.
        event: what was said.
        world: knowledge and phrases.
        now: aware UTC.
    """
    conversation, found = contact.conversation, event.found
    if not found.direct or conversation is None or conversation.status is not Status.BOT or contact.form is not None:
        return None
    article = world.knowledge.get(found.entries[0])
    if article is None or article.form or not _mere_words(contact, event, world):
        return None
    flood = counted(contact, world, now)
    if flood.told or flood.count > world.manners.flood_limit:
        return None
    key = f"answer:{found.entries[0]}"
    conversation = replace(conversation, spoke=now, misses=0)
    contact = replace(contact, conversation=conversation, last_said=key, options=(), flood=flood)
    return Answered(contact, (Say(article.answer, key=key),), article.answer)


def _mere_words(contact: Contact, event: Said, world: World) -> bool:
    """Whether a text can only be a question: no choice, no phrase, no answer to what was asked last, not angry."""
    if event.choice or event.media or event.kind is not Kind.TEXT or len(event.text.strip()) <= LONGEST_NUMBER:
        return False
    if contact.last_said == LEAVE_ASKED or contact.last_said.startswith(binding.TALK):
        return False
    text = plain(event.text)
    return text not in world.phrases.whole and text not in world.form_phrases and not angry(event, world)
