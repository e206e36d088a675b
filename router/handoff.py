"""The hand-off from the bot to people: into a queue, out of it again, or to a message that is answered later."""

from datetime import datetime

from msgspec.structs import replace

from router.contact import Contact
from router.conversation import Conversation, Status
from router.decision import Decision, holding, moved
from router.effects import Effect, Option, Say, TellPlace, words
from router.world import World

LEAVE = Option("leave", words("choice.leave"))
CANCEL = Option("cancel_queue", words("choice.cancel_queue"))


def start(
    contact: Contact, conversation: Conversation, world: World, now: datetime, *, before: tuple[Effect, ...] = ()
) -> Decision:
    """Queue the conversation for a person; ``before`` is said first.

    Out of service hours, or where the queue is full, the customer may leave a message instead
    (clause ``message.overnight``).
    """
    calendar = world.standard.calendar
    queue = world.routing.choose(_facts(contact, world)) or conversation.queue or world.routing.default
    staffing = world.staff(queue)
    if not calendar.is_open(now):
        opens = calendar.next_open(now)
        return holding(contact, conversation, *before, Say(words("queue.closed", opens=opens), (LEAVE,)))
    if staffing.full:
        return holding(contact, conversation, *before, Say(words("queue.full"), (LEAVE,)))
    queued = replace(
        moved(conversation, Status.QUEUED),
        queue=queue,
        queued=now,
        waiting_since=now,
        answered=None,
        assigned=None,
        assignee=None,
        priority=world.routing.queue(queue).priority,
        misses=0,
        told=now,
    )
    return holding(contact, queued, *before, TellPlace())


def leave_queue(contact: Contact, conversation: Conversation, now: datetime) -> Decision:
    """The customer would rather not wait: the bot has the word again."""
    return holding(contact, to_bot(conversation, now), Say(words("queue.left")))


def to_bot(conversation: Conversation, now: datetime) -> Conversation:
    """The conversation as the bot's, with nobody waiting for a person."""
    return replace(
        moved(conversation, Status.BOT),
        assignee=None,
        reoffer=False,
        returned=now,
        queued=None,
        assigned=None,
        waiting_since=None,
        answered=None,
        reminded=None,
        told=None,
        misses=0,
    )


def _facts(contact: Contact, world: World) -> dict[str, str]:
    """What the rules of the routing can ask for, as far as it is known."""
    article = world.knowledge.get(contact.last_said.removeprefix("answer:"))
    business = "" if article is None else article.category
    if (form := world.form_of(contact.form)) is not None:
        business = form.business
    return {
        "channel": contact.channel,
        "language": contact.language,
        "business": business,
        "region": contact.region,
        "level": contact.level,
    }
