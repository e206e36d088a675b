"""The rows that a batch will write, gathered for its statements."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.drafts.drafts import Sent
from bot.mentions.mentions import Mention
from bot.subscriptions.events import Happening
from bot.turns.lines import only_stepped
from bot.turns.standing import Standing
from bot.turns.states import moved_as_usual
from bot.turns.values import seconds
from channels.door import Choice, Cursor, Message
from router.conversation import Conversation
from router.effects import Audience
from router.events import Kind
from router.ledger import Line


@dataclass(slots=True)
class Rows:
    """Rows of one batch. Each list holds tuples in the order of the statement's columns."""

    messages: list[tuple[object, ...]] = field(default_factory=list)
    exchanges: list[tuple[object, ...]] = field(default_factory=list)
    """Turns of the usual kind: a question and one answer of the bot, without what they move."""
    latest: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The place among them of each contact's last, and the number of its answer in the thread."""
    moved: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """What usual turns move at their contacts and conversations, by their place."""
    intake: list[tuple[object, ...]] = field(default_factory=list)
    outbox: list[tuple[object, ...]] = field(default_factory=list)
    notices: list[int] = field(default_factory=list)
    """Outbox rows that the budget does not carry: only a notice may go."""
    beside_budget: list[tuple[object, ...]] = field(default_factory=list)
    """Outbox rows that cost no budget: with a voucher's code and end, or, without, with the session's end."""
    ticket_letters: list[tuple[object, ...]] = field(default_factory=list)
    """Outbox rows that tell of a ticket: with it, and until when they are held back."""
    cursors: list[Cursor] = field(default_factory=list)
    """How far platforms' lists have been read with this batch."""
    alerts: list[tuple[object, ...]] = field(default_factory=list)
    alert_calls: list[tuple[object, ...]] = field(default_factory=list)
    """Alerts that the operator's own system is told of: kind, subject, its id, contact, when."""
    deeds: list[tuple[object, ...]] = field(default_factory=list)
    """What the audit trail tells of: agent, deed, what, detail, reason."""
    whispers: list[tuple[object, ...]] = field(default_factory=list)
    """Notes that are said to one colleague: contact, number in the thread, to whom."""
    snags: list[tuple[object, ...]] = field(default_factory=list)
    """Chats with the bot on which somebody should look in."""
    new_lines: dict[int, tuple[int, Line]] = field(default_factory=dict)
    old_lines: dict[int, tuple[int, Line]] = field(default_factory=dict)
    stepped: set[int] = field(default_factory=set)
    """Ids of old deadlines of which nothing has changed but how far they have come."""
    stale: list[tuple[int, int]] = field(default_factory=list)
    """Ids and generations of deadlines that are armed no longer."""
    topics: set[str] = field(default_factory=set)
    """What listeners are told has changed."""
    people: list[Conversation] = field(default_factory=list)
    """Conversations that are or were with people, as they now stand: waiting queues follow them."""
    languages: dict[int, str] = field(default_factory=dict)
    """Contacts whose language has changed."""
    codes: list[tuple[str, str]] = field(default_factory=list)
    """Telephone numbers and the one-time codes to be sent to them, once this is committed."""
    wakes: dict[int, tuple[int, str, datetime]] = field(default_factory=dict)
    """Contacts whose phones may have to be woken: for which message, of what kind, said when."""
    surveys: list[int] = field(default_factory=list)
    """Surveys to be given to the job that sends them, once this is committed."""
    wanted_files: list[tuple[object, ...]] = field(default_factory=list)
    """Files of messages that platforms keep, their ids first."""
    taken_files: list[tuple[object, ...]] = field(default_factory=list)
    """Files of messages that were uploaded before."""
    sent: list[Sent] = field(default_factory=list)
    """What agents have sent, and is a draft no longer."""
    overridden: list[tuple[object, ...]] = field(default_factory=list)
    """Answers sent although something in them was pointed out."""
    mentions: list[Mention] = field(default_factory=list)
    """Colleagues whom notes name."""
    happened: list[Happening] = field(default_factory=list)
    """What subscribers are told besides what conversations and messages tell: deadlines, scores, tickets."""

    def alert(
        self,
        audience: Audience,
        agent: int | None,
        kind: str,
        contact: int,
        conversation: int | None,
        at: datetime,
        *,
        improvement: int | None = None,
    ) -> None:
        """Put something before an agent, or before those who lead or manage; they hear of it at once."""
        self.alerts.append((audience.value, agent, kind, contact, conversation, improvement, at.timestamp()))
        self.topics.add(f"agent:{agent}" if audience is Audience.AGENT and agent else "leaders")

    def add_mentions(self, named: Iterable[Mention]) -> None:
        """Colleagues are named in a note: that is on record, and put before each of them."""
        for one in named:
            self.mentions.append(one)
            self.alert(Audience.AGENT, one.agent, "named", one.contact, one.conversation, one.at)

    def add_message(
        self,
        where: Standing,
        sender: str,
        agent: int | None,
        kind: Kind,
        text: str,
        choices: tuple[Choice, ...],
        at: datetime,
        *,
        apart: int | None = None,
    ) -> Message:
        """Append a message to a contact's thread; ``apart``: to a conversation that is not the contact's open one."""
        where.seq += 1
        conversation = where.contact.conversation
        number = apart or (conversation.id if conversation else None)
        packed = json.dumps([[choice.id, choice.label] for choice in choices]) if choices else None
        self.messages.append((where.contact.id, where.seq, number, sender, agent, kind, text, packed, at.timestamp()))
        return Message(where.contact.id, where.seq, sender, text, choices, at, kind)

    def add_exchange(
        self,
        source_id: str,
        question: Message,
        answer: Message,
        conversation: object,
        choices: object,
        outbox_id: int | None,
    ) -> None:
        """Append a question and its one answer of the bot, with the choices as they are stored."""
        contact_id = question.contact_id
        self.latest[contact_id] = len(self.exchanges), answer.seq
        self.exchanges.append((
            contact_id, source_id, question.seq, conversation, question.text, answer.text, choices,
            question.sent_at.timestamp(), outbox_id,
        ))  # fmt: skip

    def moved_with(self, where: Standing) -> bool:
        """Put what a contact's last usual turn moves at it into that turn's row; False where more has changed."""
        contact, flood = where.contact, where.contact.flood
        place, seq = self.latest.get(contact.id, (0, -1))
        conversation = contact.conversation
        if where.seq != seq or conversation is None or conversation.spoke != where.last_event:
            return False
        if not moved_as_usual(where, conversation):
            return False
        self.moved[place] = (
            conversation.misses, contact.last_said, "\n".join(contact.options), seconds(flood.since), flood.count,
            seconds(contact.budget.expires),
        )  # fmt: skip
        return True

    def change_line(self, contact_id: int, before: Line | None, line: Line) -> None:
        """Keep a deadline that is new or has changed."""
        if before is None:
            self.new_lines[line.id] = (contact_id, line)
            return
        if before.generation != line.generation:
            self.stale.append((before.id, before.generation))
        if line.id in self.new_lines:
            self.new_lines[line.id] = (contact_id, line)
            return
        if only_stepped(before, line) and (line.id in self.stepped or line.id not in self.old_lines):
            self.stepped.add(line.id)
        else:
            self.stepped.discard(line.id)
        self.old_lines[line.id] = (contact_id, line)

    @property
    def lines(self) -> Iterable[Line]:
        """All deadlines that this batch writes."""
        for kept in (self.new_lines, self.old_lines):
            for _, line in kept.values():
                yield line
