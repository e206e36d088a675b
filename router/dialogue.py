"""What a customer's words lead to: answers, suggestions, the hand-off, or a message for the person who serves."""

from datetime import datetime

from msgspec.structs import replace

from router import binding, handoff, survey
from router.contact import Contact, Flood
from router.conversation import Conversation, Status
from router.decision import Decision, holding
from router.effects import Option, QuestionKind, RecordQuestion, Say, TellPlace, WantAnswer, WriteNote, words
from router.events import Kind, Observed, Said
from router.forms import dialogue as forms
from router.forms.talk import START
from router.questions import answer_by, question_kind
from router.world import Article, World

LEAVE_ASKED = "leave.ask"
HUMAN = Option("human", words("choice.human"))
LEAVE = Option("leave", words("choice.leave"))
NONE = Option("none", words("choice.none"))
LABELLED = frozenset({Kind.LOCATION, Kind.LINK, Kind.OTHER})
"""Kinds whose text names what was sent: nobody asked it."""


def said(contact: Contact, event: Said, world: World, now: datetime) -> Decision:
    """A customer wrote or picked a choice."""
    contact = replace(contact, flood=counted(contact, world, now))
    choice = event.choice or _numbered(contact, event.text)
    text = plain(event.text)
    if contact.flood.count > world.manners.flood_limit:
        return _slowed(contact, world, now)
    if about := survey.taken(contact, event, choice, text, world, now):
        return about
    if (contact.form or choice.startswith(forms.PREFIX) or text in world.form_phrases) and (
        about := forms.taken(contact, _open(contact, now), event, choice, text, world, now)
    ):
        return about
    if about := binding.taken(contact, event, choice, text, world):
        return about
    if contact.conversation is None and text in world.phrases.thanks and _just_closed(contact, world, now):
        return Decision(contact, (Say(words("thanks")),))
    conversation = _open(contact, now)
    match conversation.status:
        case Status.ASSIGNED:
            return holding(replace(contact, last_said="", options=()), _waiting(conversation, now))
        case Status.QUEUED:
            return _while_queued(contact, _waiting(conversation, now), choice, text, world, now)
        case _:
            decision = _to_bot(contact, replace(conversation, spoke=now), event, choice, text, world, now)
            return decision if contact.form is None else forms.offered(decision, world, now)


def followed(contact: Contact, world: World) -> Decision:
    """A customer subscribed: a welcome with the questions that are asked most; no conversation begins."""
    return Decision(contact, (_welcome(world),))


def unfollowed(contact: Contact) -> Decision:
    """A customer left the account: people who are serving them should know that nothing arrives any more."""
    conversation = contact.conversation
    if conversation is None or not conversation.with_people:
        return Decision(contact)
    return Decision(contact, (WriteNote(words("note.unfollowed")),))


def observed(contact: Contact, event: Observed) -> Decision:
    """A note for whoever serves the contact."""
    return Decision(contact, (WriteNote(words(f"note.{event.what}", text=event.text)),))


def stumbled(contact: Contact, world: World, now: datetime) -> Decision:
    """The bot failed over this message: say so and call a person."""
    conversation = replace(_open(contact, now), spoke=now)
    if conversation.with_people:
        return holding(contact, _waiting(conversation, now))
    return handoff.start(contact, conversation, world, now, before=(Say(words("error")),))


def plain(text: str) -> str:
    """A short text without the marks and the case that do not change its meaning."""
    return text.strip().strip("。.!！?？~～,，、…").strip().lower()


def counted(contact: Contact, world: World, now: datetime) -> Flood:
    """How fast a contact has been writing, with this message."""
    flood, manners = contact.flood, world.manners
    if flood.since is None or now - flood.since >= manners.flood_window:
        return Flood(now, 1, flood.told and flood.count > manners.flood_limit)
    return Flood(flood.since, flood.count + 1, flood.told)


def _slowed(contact: Contact, world: World, now: datetime) -> Decision:
    conversation = replace(_open(contact, now), spoke=now)
    if conversation.with_people:
        conversation = _waiting(conversation, now)
    if contact.flood.told:
        return holding(contact, conversation)
    contact = replace(contact, flood=replace(contact.flood, told=True))
    seconds = int(world.manners.flood_window.total_seconds())
    return holding(contact, conversation, Say(words("flood", seconds=seconds)))


def _numbered(contact: Contact, text: str) -> str:
    """The choice that a bare number means: only where the last thing said offered choices."""
    digits = text.strip()
    if len(digits) > 2 or not digits.isdecimal():
        return ""
    number = int(digits)
    return contact.options[number - 1] if 1 <= number <= len(contact.options) else ""


def _just_closed(contact: Contact, world: World, now: datetime) -> bool:
    return contact.closed is not None and now - contact.closed <= world.manners.thanks_window


def _open(contact: Contact, now: datetime) -> Conversation:
    return contact.conversation or Conversation(id=0, status=Status.BOT, opened=now)


def _waiting(conversation: Conversation, now: datetime) -> Conversation:
    """A customer's message to people: the earliest unanswered one starts the wait, later ones do not move it."""
    since = conversation.waiting_since or now
    return replace(conversation, spoke=now, waiting_since=since, reminded=None)


def _while_queued(
    contact: Contact, conversation: Conversation, choice: str, text: str, world: World, now: datetime
) -> Decision:
    if choice == "cancel_queue" or text in world.phrases.cancel:
        return handoff.leave_queue(contact, conversation, now)
    if choice == "leave":
        left = handoff.leave_queue(contact, conversation, now).contact
        assert left.conversation is not None
        return _leave(left, left.conversation, world, now)
    due = conversation.told is None or now - conversation.told >= world.manners.place_interval
    asks = choice == "human" or text in world.phrases.place or text in world.phrases.human
    if due or asks:
        return holding(contact, replace(conversation, told=now), TellPlace("queue.still"))
    return holding(contact, conversation)


def _to_bot(
    contact: Contact, conversation: Conversation, event: Said, choice: str, text: str, world: World, now: datetime
) -> Decision:
    if choice == "human" or text in world.phrases.human:
        return handoff.start(contact, conversation, world, now)
    if choice == "leave":
        return _leave(contact, conversation, world, now)
    if choice == "none":
        return _missed(contact, conversation, "", world, now)
    if choice.startswith("faq:"):
        return _answered(contact, conversation, choice.removeprefix("faq:"), world, now)
    if contact.last_said == LEAVE_ASKED and event.text.strip():
        return _question_left(contact, conversation, event.text, world, now)
    if event.kind is not Kind.TEXT and (event.kind in LABELLED or not event.text.strip()):
        return holding(contact, conversation, Say(words("unsupported"), (HUMAN,)))
    if text in world.phrases.greetings:
        return holding(contact, conversation, _welcome(world))
    return _found(contact, conversation, event, world, now)


def _found(contact: Contact, conversation: Conversation, event: Said, world: World, now: datetime) -> Decision:
    entries = [entry for entry in event.found.entries if entry in world.knowledge]
    if entries and event.found.direct:
        return _answered(contact, conversation, entries[0], world, now)
    if entries:
        options = tuple(Option(f"faq:{entry}", world.knowledge[entry].question) for entry in entries[:3])
        return holding(contact, conversation, Say(words("suggest"), (*options, NONE)))
    return _missed(contact, conversation, event.text, world, now)


def _answered(contact: Contact, conversation: Conversation, entry: str, world: World, now: datetime) -> Decision:
    article = world.knowledge.get(entry)
    if article is None:
        return _missed(contact, conversation, "", world, now)
    options = _business(article, contact, world) if article.form else ()
    return holding(contact, replace(conversation, misses=0), Say(article.answer, options, key=f"answer:{entry}"))


def _business(article: Article, contact: Contact, world: World) -> tuple[Option, ...]:
    """The business that an answer leads to, to be begun by a tap."""
    form = world.forms.get(article.form)
    return () if form is None else (Option(f"{START}{form.id}", form.title.read(contact.language)),)


def _missed(contact: Contact, conversation: Conversation, text: str, world: World, now: datetime) -> Decision:
    conversation = replace(conversation, misses=conversation.misses + 1)
    gap = (RecordQuestion(QuestionKind.GAP, text),) if text.strip() else ()
    if conversation.misses >= world.manners.misses:
        return handoff.start(contact, conversation, world, now, before=(*gap, Say(words("nothing.again"))))
    options = (HUMAN, LEAVE) if gap else (HUMAN,)
    return holding(contact, conversation, *gap, Say(words("nothing"), options))


def _leave(contact: Contact, conversation: Conversation, world: World, now: datetime) -> Decision:
    """The customer wants an answer later: to the question just missed, else to one still to be written."""
    if conversation.misses == 0:
        return holding(contact, conversation, Say(words(LEAVE_ASKED)))
    kind = question_kind(world.standard, now)
    saved = Say(words("question.saved", by=answer_by(kind, world.standard, now)))
    return holding(contact, replace(conversation, misses=0), WantAnswer(kind), saved)


def _question_left(contact: Contact, conversation: Conversation, text: str, world: World, now: datetime) -> Decision:
    kind = question_kind(world.standard, now)
    saved = Say(words("leave.saved", by=answer_by(kind, world.standard, now)))
    return holding(contact, conversation, RecordQuestion(kind, text), saved)


def _welcome(world: World) -> Say:
    hot = [world.knowledge[entry] for entry in world.hot if entry in world.knowledge][:6]
    options = tuple(Option(f"faq:{article.id}", article.question) for article in hot)
    return Say(words("welcome", operator=world.manners.operator), (*options, HUMAN))
