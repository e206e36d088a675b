"""What a batch does about who stands behind its contacts: nothing at all for contacts that have proved nothing.

place ── decide ── prepare ── carry ── follow
  │                   │                  └── contacts join and part, conversations become one
  │                   └── codes are sent and checked; what needs more locks comes again with them
  └── an act takes place at the contact that the customer used last
"""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from bot.business.challenges import Challenges
from bot.customers.codes import Codes
from bot.customers.joins import Joins
from bot.customers.siblings import SQL, Siblings
from bot.db import Connection, Row
from bot.turns.ledgers import Ledgers
from bot.turns.standing import Standing
from bot.turns.turn import Turn
from router import binding
from router.binding import Checked, Verdict
from router.contact import Contact
from router.conversation import Conversation
from router.customers import Proof
from router.decision import Decision
from router.effects import Alert, Audience, CheckCode, CheckTail, Join, ReleaseSurvey, ScheduleSurvey, Unjoin, WantCode
from router.events import (
    Abandoned,
    Accepted,
    Assigned,
    Closed,
    Declined,
    Event,
    Excused,
    FormBegun,
    HandedBack,
    Invited,
    Lapsed,
    Noted,
    Offered,
    Overflowed,
    Proved,
    Replied,
    Requeued,
    Said,
    Stumbled,
    Transferred,
    Unjoined,
)
from router.forms import dialogue as forms
from router.forms.challenge import Compared
from router.ledger import Line
from router.survey import Asking
from router.world import World

ELSEWHERE = (
    Replied
    | Noted
    | HandedBack
    | Requeued
    | Transferred
    | Invited
    | Excused
    | Offered
    | Accepted
    | Declined
    | Lapsed
    | Closed
    | Assigned
    | Abandoned
    | Overflowed
    | FormBegun
)
"""Acts on a conversation: they take place at the contact that the customer used last."""


class ComeAgain(Exception):
    """The turn needs contacts that this batch does not hold."""


@dataclass(slots=True)
class Customers:
    """Looks after customers within one transaction."""

    connection: Connection
    siblings: Siblings
    joins: Joins
    codes: Codes
    challenges: Challenges
    ledgers: Ledgers
    world: World
    _before: Conversation | None = None
    _holder: int | None = None
    _code: tuple[Row | None, Checked] | None = None
    _compared: Compared | None = None
    _waiting: set[int] = field(default_factory=set)
    """Contacts of which a turn comes again: those behind it wait for it."""

    def concern(self, turn: Turn, where: Standing) -> bool:
        """Whether there is anything to do for this turn."""
        contact = where.contact
        if contact.customer is not None or turn.contact_id in self._waiting:
            return True
        if contact.last_said.startswith(binding.TALK):
            return True
        if contact.form is not None and isinstance(turn.event, Said):
            return True
        return isinstance(turn.event, Proved | Unjoined)

    def place(self, turn: Turn, where: Standing, fired: Line | None) -> Standing:
        """The contact at which a turn takes place. Raises: ComeAgain where siblings have to be locked first."""
        if turn.contact_id in self._waiting:
            raise ComeAgain
        contact, conversation = where.contact, where.contact.conversation
        if contact.customer is not None and _shared(conversation):
            self._require(turn, contact.customer)
            if isinstance(turn.event, ELSEWHERE) or _about(fired, conversation):
                where = self._reached(where)
        self.siblings.enter(where)
        self._before = where.contact.conversation
        return where

    async def prepare(
        self, turn: Turn, where: Standing, decision: Decision, event: Event, now: datetime
    ) -> tuple[Decision, Event]:
        """Find out what a decision leaves open. Raises: ComeAgain where more has to be locked first."""
        contact = where.contact
        if isinstance(event, Said) and contact.form is not None:
            event = replace(event, text=forms.discreet(contact, decision.contact, event.text, self.world))
        if isinstance(event, Said) and contact.last_said.startswith(binding.TALK):
            event = replace(event, text=binding.discreet(event.text))
        self._holder, self._code, self._compared = None, None, None
        for effect in decision.effects:
            match effect:
                case WantCode(phone):
                    decision = await self._send(turn, contact, phone, now)
                case CheckCode(code):
                    decision = await self._check(turn, where, code, now)
                case CheckTail(said):
                    found = await self.challenges.compare(contact, said, now)
                    decision, self._compared = forms.compared(decision.contact, found, self.world, now), found
                case Join(proof):
                    await self._claim(turn, where, proof)
                    if not await self.joins.may_join(where, proof, self._holder):
                        decision = Decision(contact, (Alert(Audience.LEADER, "identity"),))
                case Unjoin() if contact.customer is not None:
                    self._require(turn, contact.customer)
                case _:
                    pass
        return self._addressed(turn, contact, decision, event), event

    async def follow(self, where: Standing, decision: Decision, now: datetime) -> None:
        """Carry out what a decision means for the customer, once its messages are written."""
        if self._code is not None:
            await self.codes.note(*self._code, now)
        if self._compared is not None:
            await self.challenges.note(where.contact, self._compared, now)
        before = self._before
        self.siblings.leave(where, before, now)
        for effect in decision.effects:
            match effect:
                case Join(proof):
                    await self.joins.join(where, proof, self._holder, now)
                    await self._skip(SQL["keep_latest_survey"], where, now)
                case Unjoin() if where.contact.customer is not None:
                    await self.joins.unjoin(where, effect, now)
                case ScheduleSurvey() if where.contact.customer is not None and before is not None:
                    await self._skip(SQL["skip_surveys"], where, now, before.id)
                case ReleaseSurvey() if where.contact.customer is not None:
                    rows = await self.connection.fetch(SQL["release_surveys"], self._ids(where), now)
                    self.siblings.rows.surveys.extend(row["id"] for row in rows)
                case _:
                    pass
        held = where.contact.conversation
        if held is not None and held.last_used is not None:
            self.siblings.unite(self.siblings.members(where), now)

    def again(self, turn: Turn) -> None:
        """This turn comes again, and with it all that came behind it."""
        self._waiting.add(turn.contact_id)

    # What a decision leaves open ----------------------------------------------------------------------------------

    async def _send(self, turn: Turn, contact: Contact, phone: str, now: datetime) -> Decision:
        if not await self.joins.claim(self.codes.proofs.of_phone(phone)):
            raise ComeAgain
        state, proof = await self.codes.send(contact.id, phone, now)
        return binding.sent(contact, state, proof.shown, self.world)

    async def _check(self, turn: Turn, where: Standing, code: str, now: datetime) -> Decision:
        row = await self.codes.latest(where.contact.id)
        found = self.codes.check(row, code, where.contact.id, now)
        if found.proof is not None:
            await self._claim(turn, where, found.proof)
            if not await self.joins.may_join(where, found.proof, self._holder):
                found = replace(found, verdict=Verdict.TAKEN)
        self._code = row, found
        return forms.checked(where.contact, found, self.world, now)

    async def _claim(self, turn: Turn, where: Standing, proof: Proof) -> None:
        """Hold everything that using this proof may change."""
        if not await self.joins.claim(proof):
            raise ComeAgain
        self._holder = await self.joins.holder(proof)
        self._require(turn, *(one for one in (where.contact.customer, self._holder) if one is not None))

    def _addressed(self, turn: Turn, contact: Contact, decision: Decision, event: Event) -> Decision:
        """Remember where a customer who is with people wrote last; all of their contacts take part from then on."""
        conversation = decision.contact.conversation
        if contact.customer is None or not _shared(conversation):
            return decision
        assert conversation is not None
        self._require(turn, contact.customer)
        if conversation.last_used is None or isinstance(event, Said | Stumbled):
            conversation = replace(conversation, last_used=contact.id)
        return replace(decision, contact=replace(decision.contact, conversation=conversation))

    def _require(self, turn: Turn, *customers: int) -> None:
        if any(one not in self.siblings.complete for one in customers):
            turn.customers = frozenset(customers)
            raise ComeAgain

    def _reached(self, where: Standing) -> Standing:
        conversation = where.contact.conversation
        assert conversation is not None
        return next((one for one in self.siblings.members(where) if one.contact.id == conversation.last_used), where)

    def _ids(self, where: Standing) -> list[int]:
        return [one.contact.id for one in self.siblings.members(where)]

    async def _skip(self, statement: str, where: Standing, now: datetime, *args: object) -> None:
        """Let surveys give way, and end what ran for them."""
        for row in await self.connection.fetch(statement, self._ids(where), now, *args):
            there = self.siblings.standings[row["contact_id"]]
            await self.ledgers.derive_apart(there, Asking(row["id"], now, now), row["id"], now)


def _shared(conversation: Conversation | None) -> bool:
    return conversation is not None and (conversation.with_people or conversation.last_used is not None)


def _about(fired: Line | None, conversation: Conversation | None) -> bool:
    """Whether a deadline that fires is one of this conversation."""
    if fired is None or conversation is None:
        return False
    return fired.subject == "conversation" and fired.subject_id == conversation.id
