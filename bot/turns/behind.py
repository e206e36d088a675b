"""What a turn leaves behind: its place in the outbox and among what was taken in, and who has to hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.doors.known import ENDS, WOKEN
from bot.turns.ids import Ids
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from bot.turns.turn import Turn
from channels.door import Message
from router import budget
from router.conversation import Conversation, Status
from router.effects import Sender
from router.events import Kind

PASSIVE_WINDOW = timedelta(seconds=15)
"""How long an offered passive reply waits for its HTTP body before it is pushed instead."""


@dataclass(slots=True)
class Spoken:
    """What one turn has said so far."""

    replies: list[Message] = field(default_factory=list)
    kind: str = ""
    survey: bool = False
    refused: str = ""
    noted: bool = False
    ticket: int | None = None
    not_before: datetime | None = None


@dataclass(slots=True)
class Behind:
    """Keeps what the turns of one batch leave behind."""

    outbox_ids: Ids
    rows: Rows

    def deliver(self, turn: Turn, where: Standing, spoken: Spoken, now: datetime) -> int:
        """Put what was said into the outbox; returns the row's id."""
        number = self.outbox_ids.take()
        first, last = spoken.replies[0].seq, spoken.replies[-1].seq
        state, due = "queued", now
        if turn.passive:
            state, due = "offered", now + PASSIVE_WINDOW
        elif turn.voucher is not None:
            self.rows.beside_budget.append((number, turn.voucher.code, turn.voucher.until))
        elif where.contact.channel in ENDS and _over(where.contact.conversation):
            self.rows.beside_budget.append((number, None, None))
        else:
            messages = _counted(spoken.replies)
            where.contact, allowed = budget.spent(where.contact, now, survey=spoken.survey, messages=messages)
            if not allowed:
                self.rows.notices.append(number)
        if spoken.ticket is not None or spoken.not_before is not None:
            self.rows.ticket_letters.append((number, spoken.ticket, spoken.not_before))
        self.rows.outbox.append(
            (number, where.contact.id, first, last, spoken.kind, state, now.timestamp(), due.timestamp(), None)
        )
        return number

    def remember(
        self, turn: Turn, where: Standing, heard: Message | None, spoken: Spoken, outbox_id: int | None, now: datetime
    ) -> None:
        """Keep that this event was taken in, and what was answered, for whoever repeats it."""
        if heard is not None and self._usual(turn, heard, spoken, outbox_id):
            self._pack(turn, heard, spoken.replies[0], outbox_id)
            return
        first = spoken.replies[0].seq if spoken.replies else 0
        last = spoken.replies[-1].seq if spoken.replies else 0
        passive = outbox_id if turn.passive else None
        refused = spoken.refused or None
        seq = heard.seq if heard else 0
        if where.contact.id != turn.contact_id:  # It took place at a sibling, whose thread has numbers of its own.
            seq = first = last = 0
        self.rows.intake.append((turn.contact_id, turn.source_id, seq, first, last, passive, refused, now.timestamp()))

    @staticmethod
    def _usual(turn: Turn, heard: Message, spoken: Spoken, outbox_id: int | None) -> bool:
        """Whether this was a plain question answered with one message of the bot that is offered or read."""
        if len(spoken.replies) != 1 or spoken.kind != Sender.BOT or heard.kind is not Kind.TEXT:
            return False
        return not spoken.noted and turn.by_customer and (turn.passive or outbox_id is None)

    def _pack(self, turn: Turn, heard: Message, reply: Message, outbox_id: int | None) -> None:
        """Put the rows of a usual turn into one."""
        answer, question = self.rows.messages.pop(), self.rows.messages.pop()
        if outbox_id is not None:
            self.rows.outbox.pop()
        self.rows.add_exchange(turn.source_id, heard, reply, question[2], answer[7], outbox_id)

    def announce(self, where: Standing, now: Conversation | None, before: Conversation | None) -> None:
        """Tell listeners what has changed."""
        self.rows.topics.add(f"contact:{where.contact.id}")
        if now is not None and (now.with_people or (before is not None and before.with_people)):
            self.rows.topics.add("desk")
            self.rows.people.append(now)

    def wake(self, turn: Turn, where: Standing, spoken: Spoken, now: datetime) -> None:
        """A phone may have to be woken for this, unless it holds the answer to its own request in its hand."""
        if not spoken.replies or where.contact.channel not in WOKEN:
            return
        if turn.by_customer and where.contact.id == turn.contact_id:
            return
        kind = spoken.kind if spoken.kind in ("agent", "survey") else "notice"
        self.rows.wakes[where.contact.id] = (spoken.replies[-1].seq, kind, spoken.not_before or now)


def _over(conversation: Conversation | None) -> bool:
    return conversation is not None and conversation.status is Status.CLOSED


def _counted(replies: Sequence[Message]) -> int:
    """How many messages a platform will count: texts go together, each file goes alone."""
    texts = any(one.text or one.kind is Kind.TEXT for one in replies)
    return texts + sum(one.kind is not Kind.TEXT for one in replies)
