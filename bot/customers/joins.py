"""Joins: contacts that have proved the same become one customer, and go apart again when a proof is taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.crm.facts import tell_facts
from bot.customers.siblings import Siblings
from bot.db import Connection, Row
from bot.sql import load
from bot.turns.ids import Ids
from bot.turns.standing import Standing
from router import customers
from router.conversation import Conversation
from router.customers import Proof, ProofKind
from router.effects import Unjoin

SQL = load(__file__, "customers.sql")
BY_OTHERS = "split"
"""Why a contact left that no proof holds to the others any more."""


@dataclass(slots=True)
class Joins:
    """Writes down who stands behind contacts, within a turn's transaction."""

    connection: Connection
    siblings: Siblings
    conversation_ids: Ids

    async def holder(self, proof: Proof) -> int | None:
        """The customer whose contacts have proved the same."""
        found: int | None = await self.connection.fetchval(SQL["holder"], proof.kind.value, bytes.fromhex(proof.value))
        return found

    async def claim(self, proof: Proof) -> bool:
        """Keep others from using this proof until the commit; False where somebody does right now."""
        number = int.from_bytes(bytes.fromhex(proof.value)[:8], "big", signed=True)
        claimed: bool = await self.connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", number)
        return claimed

    async def may_join(self, where: Standing, proof: Proof, holder: int | None) -> bool:
        """Whether the customers that this proof would make one can be one."""
        both = [one for one in (where.contact.customer, holder) if one is not None]
        held = {row["value"] for row in await self._proofs(both) if row["kind"] == ProofKind.SUBJECT}
        own = {proof.value} if proof.kind is ProofKind.SUBJECT else set()
        return customers.may_be_one(held | own)

    async def join(self, where: Standing, proof: Proof, holder: int | None, now: datetime) -> None:
        """Make the contact one customer with all who have proved the same; their open conversations become one."""
        own = where.contact.customer
        known = sorted({one for one in (own, holder) if one is not None})
        customer: int = known[0] if known else await self.connection.fetchval(SQL["add_customer"], now)
        coming = [one for old in known[1:] for one in self.siblings.complete[old]]
        if own is None:
            coming.append(where)
        await self.connection.execute(
            SQL["add_identity"], where.contact.id, proof.kind.value, bytes.fromhex(proof.value), proof.shown,
            proof.means, now,
        )  # fmt: skip
        await self._move(coming, customer, proof.means if own is None else customers.MERGED, customers.MERGED, now)
        await self.connection.execute(SQL["merge_customers"], known[1:], customer, proof.number)
        members = {one.contact.id: one for one in (*self.siblings.complete.get(customer, ()), *coming, where)}
        self.siblings.complete[customer] = tuple(members[one] for one in sorted(members))
        await tell_facts(self.connection, self.siblings.complete[customer])
        held = where.contact.conversation
        if coming and len(members) > 1 and held is not None:
            self.siblings.note(where, held, "customer.joined", len(members), now)
        self.siblings.unite(self.siblings.complete[customer], now)

    async def unjoin(self, where: Standing, effect: Unjoin, now: datetime) -> None:
        """Take back what the contact has proved; whoever no proof holds together any more goes apart."""
        customer = where.contact.customer
        assert customer is not None
        kinds = [kind.value for kind in (ProofKind if effect.agent is not None else (ProofKind.PHONE,))]
        await self.connection.execute(SQL["withdraw"], where.contact.id, kinds, now, effect.agent)
        members = self.siblings.complete[customer]
        proofs: dict[int, set[str]] = {one.contact.id: set() for one in members}
        for row in await self._proofs([customer]):
            proofs[row["contact_id"]].add(row["value"])
        groups = customers.components({contact: frozenset(held) for contact, held in proofs.items()})
        stays = next((group for group in groups if any(proofs[one] for one in group)), frozenset())
        for group in groups:
            if group != stays:
                await self._part(where, [self.siblings.standings[one] for one in group], effect, now, proofs=proofs)
        self.siblings.complete[customer] = tuple(one for one in members if one.contact.id in stays)
        await tell_facts(self.connection, members)
        self._divide(members, now)

    async def _part(
        self,
        where: Standing,
        group: Sequence[Standing],
        effect: Unjoin,
        now: datetime,
        *,
        proofs: dict[int, set[str]],
    ) -> None:
        """Let a group go: as a customer of its own where it still has a proof, else as contacts that stand alone."""
        proved = any(proofs[one.contact.id] for one in group)
        own = await self.connection.fetchval(SQL["add_customer"], now) if proved else None
        why = effect.why if where in group else BY_OTHERS
        await self._move(group, own, BY_OTHERS, why, now, agent=effect.agent)
        if own is not None:
            self.siblings.complete[own] = tuple(group)

    async def _move(
        self,
        group: Sequence[Standing],
        customer: int | None,
        why: str,
        why_left: str,
        now: datetime,
        *,
        agent: int | None = None,
    ) -> None:
        """Put contacts behind a customer, or behind none, and keep that on record."""
        if not group:
            return
        ids = [one.contact.id for one in group]
        await self.connection.execute(SQL["move_contacts"], ids, customer)
        await self.connection.execute(SQL["end_joins"], ids, now, agent, why_left)
        if customer is not None:
            await self.connection.execute(SQL["add_joins"], ids, customer, now, why)
        for one in group:
            one.contact = replace(one.contact, customer=customer)

    async def _proofs(self, of: Iterable[int]) -> Sequence[Row]:
        return await self.connection.fetch(SQL["proofs_of_customers"], list(of))

    def _divide(self, members: Sequence[Standing], now: datetime) -> None:
        """An open conversation stays with the customer of the contact it belongs to.

        Others leave it; where people owe an answer to somebody who leaves, that contact is queued on its own.
        """
        for number in {one.contact.conversation.id for one in members if one.contact.conversation}:
            host = self.siblings.hosts.get(number)
            sharing = [one for one in members if one.contact.conversation and one.contact.conversation.id == number]
            if host is None or len(sharing) < 2:
                continue
            held = sharing[0].contact.conversation
            assert held is not None
            leaving = [one for one in sharing if not _together(one, host)]
            for one in leaving:
                one.contact = replace(one.contact, conversation=None)
                one.touched = True
            self._call_again([one for one in leaving if one.contact.id == held.last_used], held, now)
            if any(one.contact.id == held.last_used for one in leaving):
                there = replace(held, last_used=host.contact.id, version=held.version + 1)
                self.siblings.share([one for one in sharing if all(one is not other for other in leaving)], there, now)

    def _call_again(self, left: Sequence[Standing], held: Conversation, now: datetime) -> None:
        """Queue whoever wrote last in a conversation that is not theirs any more, if people owe them an answer."""
        if not held.with_people or held.waiting_since is None:
            return
        for where in left:
            number = self.conversation_ids.take()
            where.first_seq[number] = where.seq + 1
            opened = replace(customers.called_again(held, now), id=number, last_used=where.contact.id)
            where.contact = replace(where.contact, conversation=opened)
            self.siblings.hosts[number] = where
            self.siblings.note(where, opened, "customer.parted", held.id, now)
            self.siblings.share(self.siblings.members(where), opened, now)


def _together(one: Standing, other: Standing) -> bool:
    return one is other or (one.contact.customer is not None and one.contact.customer == other.contact.customer)
