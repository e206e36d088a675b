"""Siblings: the contacts of one customer, locked together where they share a conversation.

    a contact's row ── customer_id ──→ its customer ←── customer_id ── a sibling's row
          └── conversation_id ──→ the shared conversation ←── conversation_id ──┘

While a customer is with the bot, each contact has a chat of its own and its turns need no other lock. Once people
come in, every contact of the customer points to the one conversation, and a turn of any of them takes place with all
of them locked. Locks never wait (a turn that does not get them all comes again), so no order of asking can block.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from bot.db import Connection
from bot.sql import load
from bot.turns.ledgers import Ledgers
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from bot.turns.turn import Turn
from bot.turns.values import columns
from bot.words import render
from router import customers
from router.conversation import Conversation
from router.effects import Audience, words
from router.events import Kind

SQL = load(__file__, "customers.sql")

Lock = Callable[[set[int]], Awaitable[dict[int, Standing]]]
"""Locks contacts that nobody else holds and reads them."""


@dataclass(slots=True)
class Siblings:
    """The customers of one batch whose contacts are all locked in it."""

    connection: Connection
    standings: dict[int, Standing]
    """Every contact that the batch holds; siblings are added."""
    lock: Lock
    rows: Rows
    ledgers: Ledgers
    complete: dict[int, tuple[Standing, ...]] = field(default_factory=dict)
    """All contacts of a customer, by customer."""
    hosts: dict[int, Standing] = field(default_factory=dict)
    """The contact that a conversation belongs to, by conversation: it keeps its marks and deadlines."""
    reached: dict[int, int | None] = field(default_factory=dict)
    """Conversations whose ``last_used`` has changed."""
    merged: list[tuple[int, int]] = field(default_factory=list)
    """Conversations that another took in, with that other."""

    # Locking ------------------------------------------------------------------------------------------------------

    def needed(self, turns: Iterable[Turn]) -> set[int]:
        """Customers whose contacts these turns need all at once."""
        wanted = {customer for turn in turns for customer in turn.customers}
        for where in self.standings.values():
            contact = where.contact
            held = contact.conversation
            if contact.customer is not None and held is not None and (held.with_people or held.last_used is not None):
                wanted.add(contact.customer)
        return wanted

    async def gather(self, wanted: set[int]) -> None:
        """Lock the contacts of customers, as far as nobody else holds one; the customer's row keeps newcomers out."""
        held = {row["id"] for row in await self.connection.fetch(SQL["hold_customers"], sorted(wanted))}
        rows = await self.connection.fetch(SQL["siblings"], sorted(held))
        missing = {row["id"] for row in rows} - self.standings.keys()
        if missing:
            self.standings.update(await self.lock(missing))
        members: dict[int, list[int]] = {customer: [] for customer in held}
        for row in rows:
            members[row["customer_id"]].append(row["id"])
        for customer, ids in members.items():
            if all(one in self.standings for one in ids):
                self.complete[customer] = tuple(self.standings[one] for one in sorted(ids))
        for row in rows:
            if row["customer_id"] in self.complete and row["host"] is not None:
                self._settle_home(row["conversation_id"], self.standings.get(row["host"]))

    def _settle_home(self, number: int, host: Standing | None) -> None:
        """Keep what was read of a conversation with the contact that it belongs to."""
        if host is None or number in self.hosts:
            return
        self.hosts[number] = host
        key = ("conversation", number)
        read = [one.lines.pop(key, ()) for one in self.standings.values()]
        host.lines[key] = next(filter(None, read), ())
        host.stored.add(number)

    # A turn of a shared conversation ------------------------------------------------------------------------------

    def members(self, where: Standing) -> tuple[Standing, ...]:
        """All contacts of this one's customer; only itself where it has none or they are not all held."""
        customer = where.contact.customer
        return (where,) if customer is None else self.complete.get(customer, (where,))

    def enter(self, where: Standing) -> None:
        """Let a turn take place at this contact: the conversation's deadlines come to it, and its time goes on."""
        conversation, members = where.contact.conversation, self.members(where)
        where.last_event = max((one.last_event for one in members if one.last_event), default=None)
        if conversation is not None and len(members) > 1:
            key = ("conversation", conversation.id)
            read = [one.lines.pop(key, ()) for one in members]
            where.lines[key] = next(filter(None, read), ())

    def leave(self, where: Standing, before: Conversation | None, now: datetime) -> None:
        """After a turn: every contact that shares the conversation knows how it stands, and its host keeps it."""
        after = where.contact.conversation
        for conversation in (before, after):
            if conversation is not None and conversation.id:
                self._bring_home(where, conversation.id)
        members = self.members(where)
        if before is not None and after is None:
            for one in members:
                held = one.contact.conversation
                if one is not where and held is not None and held.id == before.id:
                    one.contact = replace(one.contact, conversation=None, closed=now)
                    one.touched = True
        elif after is not None:
            for one in members:
                held = one.contact.conversation
                if one is not where and held is not None and held.id == after.id:
                    one.contact = replace(one.contact, conversation=after)
            if after.last_used is not None and (before is None or before.last_used != after.last_used):
                self.reached[after.id] = after.last_used
        self._tell(members, where)

    def _bring_home(self, where: Standing, number: int) -> None:
        host = self.hosts.setdefault(number, where)
        if host is not where:
            key = ("conversation", number)
            if (changed := where.changed.pop(number, None)) is not None:
                host.changed[number] = changed
                host.touched = True
            if key in where.lines:
                host.lines[key] = where.lines.pop(key)
        for line_id, (_, line) in list(self.rows.new_lines.items()):
            if (line.subject, line.subject_id) == ("conversation", number):
                self.rows.new_lines[line_id] = (host.contact.id, line)

    def _tell(self, members: Sequence[Standing], where: Standing) -> None:
        """Whoever shows the conversation follows it by the contact it belongs to."""
        conversation = where.contact.conversation
        if conversation is not None and (host := self.hosts.get(conversation.id)) is not None:
            self.rows.topics.add(f"contact:{host.contact.id}")
        if len(members) > 1:
            self.rows.topics.update(f"contact:{one.contact.id}" for one in members)

    # One conversation ---------------------------------------------------------------------------------------------

    def unite(self, members: Sequence[Standing], now: datetime) -> None:
        """Make the open conversations of these contacts one (clause ``channel.sync``).

        A single chat of the bot stays with its contact until people come in.
        """
        held = {one.contact.conversation.id: one.contact.conversation for one in members if one.contact.conversation}
        if not held or (len(held) == 1 and not self._to_share(members, next(iter(held.values())))):
            return
        for one in members:
            if (own := one.contact.conversation) is not None:
                self.hosts.setdefault(own.id, one)
        stays = customers.staying(list(held.values()))
        last = max(held.values(), key=lambda one: one.spoke or one.opened)
        last_used = last.last_used or self.hosts[last.id].contact.id
        for number, other in held.items():
            if number != stays.id:
                stays = self._take_in(stays, other, now)
        self.share(members, replace(stays, last_used=last_used), now)

    def share(self, members: Sequence[Standing], stays: Conversation, now: datetime) -> None:
        """Let these contacts share a conversation as it now stands; its host is one of them."""
        host = self.hosts[stays.id]
        self.reached[stays.id] = stays.last_used
        host.changed[stays.id] = stays
        self.ledgers.derive(host, stays, stays.id, now)
        for one in members:
            one.contact = replace(one.contact, conversation=stays)
            one.touched = True
        self.rows.people.append(stays)
        self.rows.topics.add("desk")
        self._bring_home(host, stays.id)
        self._tell(members, host)

    def _to_share(self, members: Sequence[Standing], only: Conversation) -> bool:
        if only.last_used is None and not only.with_people:
            return False
        return only.last_used is None or any(one.contact.conversation is not only for one in members)

    def _take_in(self, stays: Conversation, other: Conversation, now: datetime) -> Conversation:
        richer, over = customers.taken_in(stays, other, now)
        host = self.hosts[other.id]
        host.changed[other.id] = over
        host.touched = True
        self.ledgers.derive(host, over, over.id, now)
        self.merged.append((other.id, stays.id))
        self.note(host, other, "customer.merged_away", stays.id, now)
        self.note(self.hosts[stays.id], stays, "customer.merged_in", other.id, now)
        self.rows.people.append(over)
        if other.assignee not in (None, stays.assignee):
            self.rows.alert(Audience.AGENT, other.assignee, "merged", host.contact.id, stays.id, now)
        return richer

    def note(self, where: Standing, conversation: Conversation | None, key: str, number: int, now: datetime) -> None:
        """Write a line for colleagues into a conversation of this contact."""
        kept = where.contact
        where.contact = replace(kept, conversation=conversation)
        text = render(words(key, id=number), kept.language)
        self.rows.add_message(where, "note", None, Kind.TEXT, text, (), now)
        where.contact = kept
        where.touched = True

    async def save(self) -> None:
        """Write what the usual statements do not know of."""
        changed = {number: (reach, None) for number, reach in self.reached.items()} | {
            number: (None, into) for number, into in self.merged
        }
        if changed:
            rows = [(number, *shared) for number, shared in changed.items()]
            await self.connection.execute(SQL["save_shared"], *columns(rows, 3))
