"""The rows that a batch will write, gathered column by column for one statement."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.turns.standing import Standing
from channels.door import Choice, Message
from router.conversation import Conversation
from router.events import Kind
from router.ledger import Line


@dataclass(slots=True)
class Rows:
    """Rows of one batch. Each list holds tuples in the order of the statement's columns."""

    messages: list[tuple[object, ...]] = field(default_factory=list)
    intake: list[tuple[object, ...]] = field(default_factory=list)
    outbox: list[tuple[object, ...]] = field(default_factory=list)
    alerts: list[tuple[object, ...]] = field(default_factory=list)
    new_lines: dict[int, tuple[int, Line]] = field(default_factory=dict)
    old_lines: dict[int, tuple[int, Line]] = field(default_factory=dict)
    stale: list[tuple[int, int]] = field(default_factory=list)
    """Ids and generations of deadlines that are armed no longer."""
    topics: set[str] = field(default_factory=set)
    """What listeners are told has changed."""
    people: list[Conversation] = field(default_factory=list)
    """Conversations that are or were with people, as they now stand: waiting queues follow them."""
    surveys: list[int] = field(default_factory=list)
    """Surveys to be given to the job that sends them, once this is committed."""

    def add_message(
        self,
        where: Standing,
        sender: str,
        agent: int | None,
        kind: Kind,
        text: str,
        choices: tuple[Choice, ...],
        at: datetime,
    ) -> Message:
        """Append a message to a contact's thread."""
        where.seq += 1
        conversation = where.contact.conversation
        number = conversation.id if conversation else None
        packed = json.dumps([[choice.id, choice.label] for choice in choices]) if choices else None
        self.messages.append((where.contact.id, where.seq, number, sender, agent, kind.value, text, packed, at))
        return Message(where.contact.id, where.seq, sender, text, choices, at, kind)

    def change_line(self, contact_id: int, before: Line | None, line: Line) -> None:
        """Keep a deadline that is new or has changed."""
        if before is None:
            self.new_lines[line.id] = (contact_id, line)
            return
        if before.generation != line.generation:
            self.stale.append((before.id, before.generation))
        (self.new_lines if line.id in self.new_lines else self.old_lines)[line.id] = (contact_id, line)

    @property
    def lines(self) -> Iterable[Line]:
        """All deadlines that this batch writes."""
        for kept in (self.new_lines, self.old_lines):
            for _, line in kept.values():
                yield line


def columns(rows: Sequence[tuple[object, ...]], width: int) -> list[Sequence[object]]:
    """Turn rows into columns; no rows give ``width`` empty columns."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


def conversation_rows(standings: Iterable[Standing]) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """New conversations and changed old ones, as the statement ``save`` takes them."""
    new: list[tuple[object, ...]] = []
    old: list[tuple[object, ...]] = []
    for where in standings:
        for v in where.changed.values():
            if v.id in where.stored:
                old.append((
                    v.id, v.status.value, v.version, v.queue, v.priority, v.assignee, v.reoffer, v.misses, v.spoke,
                    v.queued, v.assigned, v.waiting_since, v.answered, v.reminded, v.told, v.closed, v.wrapup,
                ))  # fmt: skip
            else:
                new.append((
                    v.id, where.contact.id, v.status.value, v.version, v.queue, v.priority, v.assignee, v.reoffer,
                    v.misses, v.opened, v.spoke, v.queued, v.assigned, v.waiting_since, v.answered, v.reminded,
                    v.told, v.closed, v.wrapup, where.first_seq[v.id],
                ))  # fmt: skip
    return new, old


def contact_row(where: Standing) -> tuple[object, ...]:
    """A changed contact, as the statement ``save`` takes it."""
    contact = where.contact
    flood, budget = contact.flood, contact.budget
    return (
        contact.id,
        where.seq,
        where.last_event,
        contact.conversation.id if contact.conversation else None,
        contact.closed,
        contact.last_said,
        "\n".join(contact.options),
        contact.survey.id if contact.survey else None,
        flood.since,
        flood.count,
        flood.told,
        budget.left,
        budget.expires,
    )


def line_row(contact_id: int, line: Line) -> tuple[object, ...]:
    """A new deadline, as the statement ``add_lines`` takes it."""
    return (
        line.id, contact_id, line.subject, line.subject_id, line.clause, line.generation, line.opened, line.due,
        ",".join(step.isoformat() for step in line.steps), line.step, line.next_at, line.warned, line.breached,
        line.met, line.voided,
    )  # fmt: skip


def changed_line_row(line: Line) -> tuple[object, ...]:
    """A changed deadline, as the statement ``change_lines`` takes it."""
    return (
        line.id, line.generation, line.opened, line.due, ",".join(step.isoformat() for step in line.steps), line.step,
        line.next_at, line.warned, line.breached, line.met, line.voided,
    )  # fmt: skip
