"""How contacts and conversations stand after a batch, sorted by how much of them has changed."""

from dataclasses import dataclass, field

from msgspec.json import encode
from msgspec.structs import replace

from bot.turns.standing import Standing
from bot.turns.values import seconds
from router.contact import Contact
from router.conversation import Conversation


@dataclass(slots=True)
class States:
    """Changed contacts and conversations, sorted by how much of them changed."""

    contacts: list[tuple[object, ...]] = field(default_factory=list)
    new_conversations: list[tuple[object, ...]] = field(default_factory=list)
    old_conversations: list[tuple[object, ...]] = field(default_factory=list)
    talked: list[tuple[object, ...]] = field(default_factory=list)
    """Contacts of which only what each message moves has changed."""
    spoken: list[tuple[object, ...]] = field(default_factory=list)
    """Conversations of which only the last word and the misses have changed."""
    offers: list[tuple[object, ...]] = field(default_factory=list)
    """Conversations that are offered to somebody else than before, or to nobody any more."""
    forms: list[tuple[object, ...]] = field(default_factory=list)
    """Contacts whose form under way has changed; it is written by a statement of its own."""
    ended: list[int] = field(default_factory=list)
    """Conversations that are over."""

    def add(self, where: Standing) -> None:
        """Sort a contact and its conversations in."""
        if _only_talked(where.loaded, where.contact):
            self.talked.append(_talked_row(where))
        else:
            self.contacts.append(_contact_row(where))
        if where.contact.form is not where.loaded.form:
            form = where.contact.form
            self.forms.append((where.contact.id, None if form is None else encode(form).decode()))
        before = where.loaded.conversation
        for conversation in where.changed.values():
            if conversation.closed is not None:
                self.ended.append(conversation.id)
            if before is not None and _only_spoke(before, conversation):
                self.spoken.append((conversation.id, seconds(conversation.spoke), conversation.misses))
            elif conversation.id in where.stored:
                self.old_conversations.append(_old_row(conversation))
                if before is None or before.id != conversation.id or before.offer != conversation.offer:
                    self.offers.append(_offer_row(conversation))
            else:
                self.new_conversations.append(_new_row(where, conversation))


def moved_as_usual(where: Standing, conversation: Conversation) -> bool:
    """Whether a contact and its conversation have changed in nothing but what each message moves."""
    before, changed = where.loaded, where.changed
    if len(changed) != 1 or changed.get(conversation.id) is not conversation or before.conversation is None:
        return False
    if where.contact.form is not before.form or not _only_talked(before, where.contact):
        return False
    return _only_spoke(before.conversation, conversation)


def _only_talked(before: Contact, after: Contact) -> bool:
    return (
        (before.conversation.id if before.conversation else 0) == (after.conversation.id if after.conversation else 0)
        and before.survey is after.survey
        and before.closed is after.closed
        and before.flood.told == after.flood.told
        and before.budget.left == after.budget.left
    )


def _only_spoke(before: Conversation, after: Conversation) -> bool:
    return replace(before, spoke=after.spoke, misses=after.misses) == after


def _talked_row(where: Standing) -> tuple[object, ...]:
    contact = where.contact
    flood = contact.flood
    return (
        contact.id, where.seq, seconds(where.last_event), contact.last_said, "\n".join(contact.options),
        seconds(flood.since), flood.count, seconds(contact.budget.expires),
    )  # fmt: skip


def _old_row(v: Conversation) -> tuple[object, ...]:
    return (
        v.id, v.status.value, v.version, v.queue, v.priority, v.assignee, v.reoffer, v.misses, seconds(v.spoke),
        seconds(v.returned), seconds(v.queued), seconds(v.assigned), seconds(v.waiting_since), seconds(v.answered),
        seconds(v.reminded), seconds(v.told), seconds(v.closed), v.wrapup,
    )  # fmt: skip


def _offer_row(v: Conversation) -> tuple[object, ...]:
    if v.offer is None:
        return v.id, None, None, None, None, None
    passed = ",".join(map(str, v.offer.passed))
    return v.id, v.offer.to, v.offer.until, v.offer.by, v.offer.hops, passed


def _new_row(where: Standing, v: Conversation) -> tuple[object, ...]:
    return (
        v.id, where.contact.id, v.status.value, v.version, v.queue, v.priority, v.assignee, v.reoffer, v.misses,
        seconds(v.opened), seconds(v.spoke), seconds(v.returned), seconds(v.queued), seconds(v.assigned),
        seconds(v.waiting_since), seconds(v.answered), seconds(v.reminded), seconds(v.told), seconds(v.closed),
        v.wrapup, where.first_seq[v.id],
    )  # fmt: skip


def _contact_row(where: Standing) -> tuple[object, ...]:
    contact = where.contact
    flood, budget = contact.flood, contact.budget
    return (
        contact.id, where.seq, seconds(where.last_event), contact.conversation.id if contact.conversation else None,
        seconds(contact.closed), contact.last_said, "\n".join(contact.options),
        contact.survey.id if contact.survey else None, seconds(flood.since), flood.count, flood.told, budget.left,
        seconds(budget.expires),
    )  # fmt: skip
