"""Carries out the effects of a decision within the turn's transaction: words become messages, states become rows."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from msgspec.structs import replace

from bot.business.requests import Requests
from bot.calls.follow import Calls
from bot.cases.cases import Cases
from bot.outlets.outlets import keep_scan
from bot.surveys.callbacks import Callbacks
from bot.tickets.keep import Tickets
from bot.traditional import as_read
from bot.turns import subjects
from bot.turns.behind import Behind, Spoken
from bot.turns.belongings import belong
from bot.turns.ids import Ids
from bot.turns.ledgers import Ledgers
from bot.turns.matters import Matters
from bot.turns.place import Places
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from bot.turns.turn import Turn
from bot.words import render
from channels.door import Choice, Message, Receipt
from router import budget, survey
from router.conversation import Conversation, Status
from router.decision import Answered, Decision
from router.effects import (
    Alert,
    Effect,
    EndInvitation,
    FileRequest,
    FollowCall,
    GiveQuestion,
    GiveUpCall,
    KeepCallback,
    KeepInvitation,
    KeepOutlet,
    KeepTakeOver,
    KeepTicket,
    KeepTransfer,
    MarkCase,
    MarkSnag,
    MoveRequest,
    OpenCase,
    Option,
    RecordQuestion,
    RecordScore,
    Rederive,
    Refuse,
    Say,
    ScheduleSurvey,
    Sender,
    SettleQuestion,
    TellPlace,
    TellSystem,
    WantAnswer,
    Words,
    WriteNote,
    WriteWords,
)
from router.events import Event, Kind, Said, Stumbled
from router.forms.idle import HalfFilled


@dataclass(slots=True)
class Carrier:
    """Carries out the effects of the turns of one batch."""

    conversation_ids: Ids
    rows: Rows
    behind: Behind
    places: Places
    ledgers: Ledgers
    matters: Matters
    zone: tzinfo
    """The operator's."""

    async def carry(
        self, turn: Turn, where: Standing, decision: Decision, event: Event, now: datetime, *, pushes: bool
    ) -> Receipt:
        """Carry out one decision and return what the one who waits is told."""
        before, form = where.contact.conversation, where.contact.form
        where.contact = decision.contact
        conversation = self._number(where)
        heard = self._hear(where, event, now)
        where.contact = budget.renewed(where.contact, event, now)
        spoken = Spoken()
        for effect in decision.effects:
            await self._effect(turn, where, effect, spoken, now)
        conversation = where.contact.conversation
        if conversation is not None and conversation is not before:
            self._keep(where, conversation, now, before)
        if where.contact.form is not form:
            await self.ledgers.derive_apart(where, HalfFilled(where.contact.form), where.contact.id, now)
        outbox_id = self.behind.deliver(turn, where, spoken, now) if spoken.replies and pushes else None
        if turn.deadline is None and turn.delivery is None:
            self.behind.remember(turn, where, heard, spoken, outbox_id, now)
        if conversation is not None and conversation.status is Status.CLOSED:
            where.contact = replace(where.contact, conversation=None)
        self.behind.announce(where, conversation, before)
        self.behind.wake(turn, where, spoken, now)
        slowed = where.contact.flood.told and isinstance(event, Said)
        return Receipt(heard, tuple(spoken.replies), slowed=slowed, refused=spoken.refused, outbox_id=outbox_id)

    def answer(
        self, turn: Turn, where: Standing, decision: Answered, event: Said, now: datetime, *, pushes: bool
    ) -> Receipt:
        """Carry out the answer to a question, which nothing else follows: what ``carry`` does for most messages."""
        contact = where.contact = budget.renewed(decision.contact, event, now)
        conversation = contact.conversation
        assert conversation is not None
        answer = _read(decision.answer, contact.language, self.zone)
        heard = Message(contact.id, where.seq + 1, "contact", event.text, (), now)
        reply = Message(contact.id, where.seq + 2, Sender.BOT, answer, (), now)
        where.seq = reply.seq
        self._keep(where, conversation, now, None)
        outbox_id = self.behind.outbox_ids.take() if pushes else None
        self.rows.add_exchange(turn.source_id, heard, reply, conversation.id, None, outbox_id)
        self.rows.topics.add(f"contact:{contact.id}")
        return Receipt(heard, (reply,), outbox_id=outbox_id)

    # The conversation --------------------------------------------------------------------------------------------

    def _number(self, where: Standing) -> Conversation | None:
        conversation = where.contact.conversation
        if conversation is None or conversation.id:
            return conversation
        conversation = replace(conversation, id=self.conversation_ids.take())
        where.first_seq[conversation.id] = where.seq + 1
        where.contact = replace(where.contact, conversation=conversation)
        return conversation

    def _keep(self, where: Standing, conversation: Conversation, now: datetime, before: Conversation | None) -> None:
        """Write a conversation as it now stands, with the limits that follow from it."""
        where.changed[conversation.id] = conversation
        if before is None or not conversation.measured_like(before):
            self.ledgers.derive(where, conversation, conversation.id, now)

    # What is said ------------------------------------------------------------------------------------------------

    def _hear(self, where: Standing, event: Event, now: datetime) -> Message | None:
        if not isinstance(event, Said | Stumbled):
            return None
        heard = self.rows.add_message(where, "contact", None, event.kind, event.text, (), now)
        if event.media is not None:
            belong(self.rows, where, heard, event.media, now, agent=None)
        return heard

    async def _effect(self, turn: Turn, where: Standing, effect: Effect, spoken: Spoken, now: datetime) -> None:
        match effect:
            case Say():
                self._say(where, effect, spoken, now)
            case TellPlace():
                self._say(where, await self.places.tell(where, effect, self.rows), spoken, now)
            case WriteNote(text, agent, call, whispered):
                spoken.noted = True
                note = render(text, where.contact.language, self.zone)
                line = self.rows.add_message(where, "note", agent, Kind.TEXT, note, (), now, apart=call)
                if whispered is not None:
                    self.rows.whispers.append((where.contact.id, line.seq, whispered))
            case WriteWords(text, kind):
                self.rows.add_message(where, "contact", None, kind, text, (), now)
            case MarkSnag(kind):
                self._mark(where, kind, now)
            case FileRequest() | MoveRequest():
                await self._effect(turn, where, await self._request(where, effect, now), spoken, now)
            case KeepTicket(event):
                for following in await self._tickets.keep(where, event, now):
                    await self._effect(turn, where, following, spoken, now)
            case FollowCall() | GiveUpCall() | KeepOutlet():
                await self._elsewhere(where, effect, now)
            case Alert():
                self._alert(where, effect, now)
            case TellSystem(kind, subject, number):
                self.rows.alert_calls.append((kind, subject, number, where.contact.id, now))
            case Refuse(reason):
                spoken.refused = reason
            case RecordQuestion() | WantAnswer() | SettleQuestion():
                await self.matters.question(where, effect, now)
            case OpenCase() | MarkCase():
                spoken.refused = await Cases(self.matters.connection, self.ledgers).follow(where, effect, now)
            case Rederive(subject, number):
                await self._rederive(where, subject, number, now)
            case KeepCallback():
                callbacks = Callbacks(self.matters.connection, self.ledgers, self.rows)
                spoken.refused = await callbacks.move(where, effect, now)
            case GiveQuestion():
                spoken.refused = await self.matters.give(where, effect)
            case KeepTakeOver():
                await self.matters.take_over(where, effect, now)
            case KeepTransfer():
                await self.matters.transfer(where, effect, now)
            case KeepInvitation() | EndInvitation():
                await self.matters.invitation(where, effect, now)
            case RecordScore():
                if (said := await self.matters.score(where, effect, now)) is not None:
                    self._say(where, said, spoken, now)
            case ScheduleSurvey(at_close=True):
                await self._ask(turn, where, effect, spoken, now)
            case _:
                await self.matters.survey(where, effect, now)

    async def _rederive(self, where: Standing, subject: str, number: int, now: datetime) -> None:
        found = await subjects.load_one(self.matters.connection, where, subject, number)
        if found is not None:
            await self.ledgers.derive_apart(where, found, number, now)

    async def _ask(self, turn: Turn, where: Standing, effect: ScheduleSurvey, spoken: Spoken, now: datetime) -> None:
        """Schedule a survey and ask it at once."""
        due = await self.matters.schedule(where, effect, now)
        if due is None:
            return
        asked = survey.ask(where.contact, due, self.ledgers.world, now)
        where.contact = asked.contact
        for following in asked.effects:
            await self._effect(turn, where, following, spoken, now)

    async def _elsewhere(self, where: Standing, effect: FollowCall | GiveUpCall | KeepOutlet, now: datetime) -> None:
        """What happened away from the screen: on the telephone, or before the code on an outlet's wall."""
        calls = Calls(self.matters.connection, self.rows, self.ledgers, self.conversation_ids)
        match effect:
            case FollowCall():
                await calls.follow(where, effect, now)
            case GiveUpCall():
                await calls.give_up(where, effect, now)
            case KeepOutlet(outlet):
                await keep_scan(self.matters.connection, where.contact.id, outlet, now)

    async def _request(self, where: Standing, effect: FileRequest | MoveRequest, now: datetime) -> Effect:
        """Business that was guided to its end, or is taken on: what follows from how it is written."""
        requests = Requests(self.matters.connection, self.rows)
        if isinstance(effect, FileRequest):
            number, said = await requests.file(where, effect, now)
            return await self._tickets.from_form(where, effect.progress, number, now) or said
        return await requests.move(where, effect, now)

    @property
    def _tickets(self) -> Tickets:
        return Tickets(self.matters.connection, self.rows, self.ledgers)

    def _say(self, where: Standing, say: Say, spoken: Spoken, now: datetime) -> None:
        language = where.contact.language
        choices = tuple([_choice(option, language, self.zone) for option in say.options])
        read = render if say.sender is Sender.AGENT else _read
        text = read(say.text, language, self.zone)
        message = self.rows.add_message(where, say.sender, say.agent, say.kind, text, choices, now)
        if say.media is not None:
            belong(self.rows, where, message, say.media, now, agent=say.agent)
        spoken.replies.append(message)
        spoken.survey = spoken.survey or say.survey
        spoken.ticket, spoken.not_before = say.ticket or spoken.ticket, say.not_before
        spoken.kind = "survey" if spoken.survey else say.sender
        by_agent = say.sender is Sender.AGENT
        key = "" if by_agent else say.key or (say.text if isinstance(say.text, str) else say.text.key)
        where.contact = replace(where.contact, last_said=key, options=tuple([choice.id for choice in choices]))

    def _alert(self, where: Standing, alert: Alert, now: datetime) -> None:
        conversation = where.contact.conversation
        number = conversation.id if conversation else None
        about = alert.agent, alert.kind, where.contact.id, number, now
        self.rows.alert(alert.audience, *about, improvement=alert.improvement)

    def _mark(self, where: Standing, kind: str, now: datetime) -> None:
        conversation = where.contact.conversation
        assert conversation is not None
        self.rows.snags.append((conversation.id, kind, now))
        self.rows.topics.add("desk")


def _choice(option: Option, language: str, zone: tzinfo) -> Choice:
    return Choice(option.id, _read(option.label, language, zone))


def _read(said: str | Words, language: str, zone: tzinfo) -> str:
    """What the house itself says: its stored text too is read in the contact's characters, unlike an agent's words."""
    return as_read(said, language) if isinstance(said, str) else render(said, language, zone)
