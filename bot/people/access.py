"""Access is the only way to a conversation: whoever may not see it is told that it does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.db import Row, Statements
from bot.people.agent import ROOT, Agent
from bot.sql import load
from channels.door import Address
from router.conversation import Status

SQL = load(__file__, "access.sql")


@dataclass(frozen=True, slots=True)
class Dossier:
    """A conversation with its contact, as an agent may see it. Every time is aware and in UTC."""

    id: int
    contact_id: int
    speaker: int
    """The contact through whom the customer spoke last: answers go there."""
    status: Status
    version: int
    queue: str
    assignee: int | None
    assignee_name: str
    assignee_unit: str
    """The path of their unit; empty where nobody has it."""
    reoffer: bool
    opened: datetime
    queued: datetime | None
    waiting_since: datetime | None
    closed: datetime | None
    wrapup: str
    first_seq: int
    channel: str
    account: str
    address: str = field(repr=False)
    """The platform's name for the person; on the hotline and at counters the telephone number."""
    name: str
    """The contact's name on the platform; empty where it told none."""
    language: str
    known_since: datetime
    budget_left: int
    budget_expires: datetime | None
    due: datetime | None
    """When the next answer is due (clauses ``enquiry.*``), None while nobody waits."""
    stars: int | None
    comment: str
    survey_asked: datetime | None
    customer: int | None
    """The operator's customer whom the contact has proved to be."""
    shared: bool
    """Whether contacts of several channels take part in it."""
    by_telephone: bool = False
    """Whether it is a call: it is taken, passed on and ended by telephone, and noted down here."""
    outlet: str = ""
    """The outlet whose counter or QR code brought the contact here; its id where nobody has entered its name."""
    outlet_scanned: datetime | None = None
    offer_to: int | None = None
    """Who is asked to take it."""
    offered_name: str = ""
    invited: bool = False
    """Whether this agent was asked to help."""
    answers: bool = False
    """Whether they may answer the customer then."""
    snags: tuple[str, ...] = ()
    """Why somebody should look in, while it is with the bot."""
    taken_from: int | None = None
    """From whom this agent took it over by hand, to whom it can be given back."""
    taken_from_name: str = ""
    solved: bool | None = None
    """Whether the matter is settled, as the customer says in the survey."""
    reasons: tuple[str, ...] = ()
    """Ids of the reasons that the customer chose for the stars."""
    nps: int | None = None
    """How likely the customer is to recommend the operator, 0 to 10."""
    snoozed: datetime | None = None
    """Until when its owner has set it aside; None while it is not."""
    snooze_note: str = ""
    viewer: int = 0
    """This agent."""
    led: bool = False
    """Whether it is within the scope of this agent, as one who leads."""
    only_named: bool = False
    """Whether this agent reads it only because a note in it names them: they answer nobody there."""

    def reads(self, author: int | None, to: int | None) -> bool:
        """Whether this agent may read what somebody whispers to a colleague; all may read what is said to nobody."""
        return to is None or self.led or self.viewer in (author, to)

    @property
    def whereabouts(self) -> Address:
        """Where answers go."""
        return Address(self.channel, self.account, self.address)


class Owned(Protocol):
    """What decides whether a conversation is within somebody's scope."""

    @property
    def status(self) -> Status:
        """Who has the word."""
        ...

    @property
    def assignee_unit(self) -> str:
        """The path of the unit of whoever has it; empty where nobody has."""
        ...


class Stuckable(Protocol):
    """What decides whether somebody should look in."""

    @property
    def status(self) -> Status:
        """Who has the word."""
        ...

    @property
    def snags(self) -> Sequence[str]:
        """Why somebody should look in, while it is with the bot."""
        ...


class Visible(Owned, Stuckable, Protocol):
    """What decides about access to a conversation as a line of the lists."""

    @property
    def assignee(self) -> int | None:
        """The owner."""
        ...

    @property
    def reoffer(self) -> bool:
        """Whether others may take it."""
        ...

    @property
    def offer_to(self) -> int | None:
        """Who is asked to take it."""
        ...

    @property
    def helpers(self) -> Sequence[int]:
        """Who was asked to help."""
        ...

    @property
    def named(self) -> Sequence[int]:
        """Whom notes in it name."""
        ...

    @property
    def required(self) -> Sequence[str]:
        """The skills without which nobody serves its queue."""
        ...


async def access_conversation(pool: Statements, agent: Agent, conversation_id: int) -> Dossier | None:
    """The conversation if it is the agent's own, waits for one like them, was served by them, or they lead.

    Whoever is named in a note of it may read it as well, and no more than that.
    """
    row = await pool.fetchrow(SQL["conversation"], conversation_id, agent.scope, agent.id, list(agent.skills))
    if row is None:
        return None
    found = _dossier(row)
    return replace(found, viewer=agent.id, led=leads_over(agent, found))


def access_open(agent: Agent, one: Visible) -> bool:
    """The same rule for a conversation whose row is at hand already."""
    return in_reach(agent, one) or agent.id in one.named


def in_reach(agent: Agent, one: Visible) -> bool:
    """Whether it is theirs, could be, or is within their scope: all but being named in it."""
    theirs = agent.id in (one.assignee, one.offer_to, *one.helpers)
    return leads_over(agent, one) or theirs or may_wait_for(agent, one) or is_stuck(one)


def leads_over(agent: Agent, one: Owned) -> bool:
    """Whether a conversation is within the scope of this person: what waits, the bot's, and what their unit has."""
    if agent.scope is None:
        return False
    nobodys = one.status in (Status.QUEUED, Status.BOT)
    return nobodys or (one.assignee_unit or ROOT).startswith(agent.scope)


def may_wait_for(agent: Agent, one: Visible) -> bool:
    """Whether it waits for somebody like this agent."""
    waits = one.status is Status.QUEUED or (one.status is Status.ASSIGNED and one.reoffer)
    return waits and set(one.required) <= set(agent.skills)


def is_stuck(one: Stuckable) -> bool:
    """Whether it is with the bot and calls for somebody who looks in; whoever serves may."""
    return one.status is Status.BOT and bool(one.snags)


def may_take(agent: Agent, dossier: Dossier) -> bool:
    """Whether the agent may make it their own; what they served once and somebody else has now is not theirs.

    A call is taken by telephone; what is offered is accepted, and only leaders take what is offered to somebody else.
    Being named in a note is no reason to take anything.
    """
    if (
        dossier.by_telephone
        or dossier.only_named
        or dossier.offer_to == agent.id
        or (dossier.offer_to is not None and not agent.leads)
        or dossier.status is Status.CLOSED
        or (dossier.assignee == agent.id and dossier.status is Status.ASSIGNED)
    ):
        return False
    return (
        leads_over(agent, dossier)
        or dossier.status is Status.QUEUED
        or is_stuck(dossier)
        or (dossier.status is Status.ASSIGNED and dossier.reoffer)
    )


def _dossier(row: Row) -> Dossier:
    return Dossier(
        id=row["id"],
        contact_id=row["contact_id"],
        speaker=row["speaker"],
        status=Status(row["status"]),
        version=row["version"],
        queue=row["queue"],
        assignee=row["assignee"],
        assignee_name=row["assignee_name"] or "",
        assignee_unit=row["assignee_unit"],
        reoffer=row["reoffer"],
        opened=row["opened"],
        queued=row["queued"],
        waiting_since=row["waiting_since"],
        closed=row["closed"],
        wrapup=row["wrapup"],
        first_seq=row["first_seq"],
        channel=row["channel"],
        account=row["account"],
        address=row["address"],
        name=row["name"],
        language=row["language"],
        known_since=row["created"],
        budget_left=row["budget_left"],
        budget_expires=row["budget_expires"],
        due=row["due"],
        stars=row["stars"],
        comment=row["comment"] or "",
        survey_asked=row["survey_asked"],
        customer=row["customer_id"],
        shared=row["last_used"] is not None,
        by_telephone=row["call_id"] is not None,
        outlet=row["outlet"],
        outlet_scanned=row["outlet_scanned"],
        offer_to=row["offer_to"],
        offered_name=row["offered_name"] or "",
        invited=row["answers"] is not None,
        answers=bool(row["answers"]),
        snags=tuple(row["snags"]),
        taken_from=row["taken_from"],
        taken_from_name=row["taken_from_name"] or "",
        solved=row["solved"],
        reasons=tuple(row["reasons"] or ()),
        nps=row["nps"],
        snoozed=row["snoozed"],
        snooze_note=row["snooze_note"] or "",
        only_named=not row["in_reach"],
    )
