"""Days of the demo operator: who writes when and about what, who answers, how it ends, and what they think of it."""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.data import Operator
from bot.demo.past import Past
from bot.demo.public import Customer
from bot.demo.staff import Clerk, Staff, shifts
from bot.demo.troubles import Troubles
from bot.house import House
from bot.people.agent import Presence
from bot.people.people import People
from bot.sql import load
from channels.door import Address, Inbound, Receipt
from router.callbacks import Cause, Step
from router.events import (
    AgentAct,
    Assigned,
    CallAbandoned,
    CallbackMoved,
    CallEnded,
    CallOffered,
    CallPickedUp,
    CallScored,
    Closed,
    CustomerEvent,
    Filled,
    Noted,
    Outcome,
    Proved,
    QuestionAnswered,
    Replied,
    Said,
    Visited,
    VoicemailLeft,
)
from router.questionnaire.questionnaire import Answers

SQL = load(__file__, "days.sql")
PER_DAY = 45
"""Matters on a working day; fewer on Saturdays and Sundays."""
CURVE = (1, 0, 0, 0, 0, 1, 2, 4, 9, 14, 15, 12, 9, 11, 13, 13, 12, 10, 9, 10, 9, 7, 4, 2)
"""How many matters come in an hour of the day, beside the other hours."""
CHATS_LEFT_OVER, CALLS_LEFT_OVER, VISITS_LEFT_OVER = 0.35, 0.2, 0.4
"""The share of what comes to people that a department has to solve."""
CAUSES = (Cause.WAITING, Cause.UNSOLVED, Cause.UNSOLVED, Cause.BILLING, Cause.NETWORK, Cause.ATTITUDE, Cause.KNOWLEDGE)
STARS = (1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5)


def midnight(moment: datetime) -> datetime:
    """The midnight before a moment, in the moment's zone."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(slots=True)
class Days:
    """The life of the operator from one day to another."""

    house: House
    past: Past
    staff: Staff
    public: Sequence[Customer]
    operator: Operator
    questions: Sequence[str]
    """What the knowledge answers."""
    wrapups: Sequence[str]
    people: People
    zone: ZoneInfo
    chance: Random
    troubles: Troubles = field(init=False)
    matters: int = 0
    """How many have begun."""
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """The tickets' lives share this one's people and chance."""
        pool, handlers = self.house.pool, self.staff.handlers
        self.troubles = Troubles(pool, self.past, self._act, handlers, self.operator, self.zone, self.chance)

    async def live(self) -> None:
        """Day after day, from a midnight on."""
        today = midnight(self.past.now.astimezone(self.zone))
        while True:
            for clerk in self.staff.clerks:
                self.past.begin(self._work(clerk, today))
            for moment in self._moments(today):
                self.past.begin(self._matter(moment))
            self.past.begin(self._call_back(today + timedelta(hours=7, minutes=self.chance.uniform(10, 50))))
            self.past.begin(self._win_back(today + timedelta(hours=10, minutes=self.chance.uniform(0, 90))))
            today = midnight(today + timedelta(hours=36))
            await self.past.until(today)

    def _moments(self, today: datetime) -> list[datetime]:
        number = PER_DAY if today.weekday() < 5 else PER_DAY // 2
        hours = self.chance.choices(range(24), CURVE, k=number)
        return sorted(today + timedelta(hours=hour, seconds=self.chance.uniform(0, 3599)) for hour in hours)

    async def _work(self, clerk: Clerk, today: datetime) -> None:
        for moment, presence, reason in shifts(clerk, today, self.chance):
            await self.past.until(moment)
            clerk.present = presence is Presence.ONLINE
            await self.people.choose_presence(clerk.id, presence, reason)

    # Customers ----------------------------------------------------------------------------------------------------

    async def _matter(self, moment: datetime) -> None:
        await self.past.until(moment)
        free = [one for one in self.public if not one.busy]
        if not free:
            return
        one = self.chance.choice(free)
        one.busy = True
        self.matters += 1
        try:
            await self._kind(one)
        finally:
            one.busy = False

    def _kind(self, one: Customer) -> Coroutine[None, None, None]:
        where = self.chance.choice(one.contacts)
        if where.channel == "hotline":
            return self._call(one, where)
        if self.chance.random() < 0.04:
            return self._visit(one)
        return self._chat(one, where)

    async def _chat(self, one: Customer, where: Address) -> None:
        await self._prove(one, where)
        for _ in range(self.chance.choice((1, 1, 2))):
            await self._say(one, where, self.chance.choice(self.questions))
            await self._pause(20, 150)
        fate = self.chance.random()
        if fate < 0.5:
            return
        if fate < 0.6:
            await self._ask_in_vain(one, where)
            return
        await self._say(one, where, self.chance.choice(self.operator.talk.matters))
        await self._pause(5, 40)
        await self._say(one, where, self.chance.choice(self.operator.talk.handoff))
        await self._with_person(one, where)

    async def _ask_in_vain(self, one: Customer, where: Address) -> None:
        """The bot does not know; people answer from the list of questions."""
        await self._say(one, where, self.chance.choice(self.operator.talk.nonsense))
        await self._pause(600, 7_000)
        contact = await self._contact(where)
        clerk = self.staff.free(one.city)
        for row in await self.house.pool.fetch(SQL["questions_of"], contact):
            if clerk is not None and self.chance.random() < 0.9:
                answer = self.chance.choice(self.operator.talk.replies)
                await self._act(contact, QuestionAnswered(clerk.id, row["id"], row["text"], answer))

    async def _call_back(self, morning: datetime) -> None:
        """Who left a message at night is called before eight (clause ``message.overnight``)."""
        await self.past.until(morning)
        for row in await self.house.pool.fetch(SQL["overnight"]):
            clerk = self.chance.choice(self.staff.clerks)
            said = self.chance.choice(self.operator.talk.notes)
            await self._act(row["contact_id"], QuestionAnswered(clerk.id, row["id"], row["text"], said, called=True))

    async def _win_back(self, morning: datetime) -> None:
        """Leaders call about low scores, and visit again (clauses ``survey.low``, ``survey.revisit``)."""
        await self.past.until(morning)
        for row in await self.house.pool.fetch(SQL["dissatisfied"]):
            leader = row["leader"] or self.chance.choice(self.staff.clerks).id
            cause, said = self.chance.choice(CAUSES), self.chance.choice(self.operator.talk.notes)
            act = CallbackMoved(leader, row["id"], Step.CALL, cause, said)
            if row["called"]:
                act = CallbackMoved(leader, row["id"], Step.REVISIT, won_back=self.chance.random() < 0.7)
            if self.chance.random() < 0.9:
                await self._act(row["contact_id"], act)

    async def _with_person(self, one: Customer, where: Address) -> None:
        contact = await self._contact(where)
        clerk = await self._taken(one, contact)
        if clerk is None:
            return
        talk = self.operator.talk
        try:
            slow = self.chance.random() < 0.03
            await self._pause(1_850, 2_500) if slow else await self._pause(30, 600 * clerk.speed)
            if slow:
                await self._say(one, where, self.chance.choice(talk.angry))
            await self._reply(contact, clerk, self.chance.choice(talk.openings).replace("{name}", clerk.name))
            for _ in range(self.chance.choice((1, 1, 2, 3))):
                await self._pause(20, 240)
                await self._say(
                    one, where, self.chance.choice(talk.matters if self.chance.random() < 0.3 else talk.thanks)
                )
                await self._pause(40, 500 * clerk.speed)
                await self._reply(contact, clerk, self.chance.choice(talk.answers))
            if self.chance.random() < 0.15:
                await self._act(contact, Noted(clerk.id, self.chance.choice(talk.notes)))
            await self._write_down(contact, clerk, CHATS_LEFT_OVER)
            await self._pause(60, 400)
            await self._close(contact, clerk)
        finally:
            clerk.chats.discard(contact)
        await self._score(where, contact)

    async def _taken(self, one: Customer, contact: int) -> Clerk | None:
        """Whoever takes the chat, as soon as somebody can; None where it has ended before."""
        while (clerk := self.staff.free(one.city)) is None:
            await self._pause(30, 90)
            if await self._version(contact) is None:
                return None
        clerk.chats.add(contact)
        await self._pause(2, 15)
        version = await self._version(contact)
        if version is None or (await self._act(contact, Assigned(clerk.id, clerk.name, None, version))).refused:
            clerk.chats.discard(contact)
            return None
        return clerk

    async def _score(self, where: Address, contact: int) -> None:
        """A day later the survey comes; more than half of the customers answer it."""
        await self._pause(24.1 * 3_600, 26 * 3_600)
        survey = await self.house.pool.fetchval(SQL["asked_of"], contact)
        if survey is None or self.chance.random() > 0.6:
            return
        stars = self.chance.choice(STARS)
        words = self.operator.talk.praise if stars > 3 else self.operator.talk.blame
        comment = self.chance.choice(words) if self.chance.random() < 0.4 else ""
        await self._take(where, Filled(survey, stars, comment, self._answers(stars)))

    def _answers(self, stars: int) -> Answers:
        """What a customer answers beside the stars; about every second one answers anything."""
        if self.chance.random() < 0.45:
            return Answers()
        offered = [reason.id for reason in self.house.snapshot.world.questionnaires.latest.offered(stars)]
        chosen = self.chance.sample(offered, min(len(offered), self.chance.choice((1, 1, 2))))
        likely = min(10, max(0, 2 * stars + self.chance.choice((-2, -1, 0, 0, 1))))
        return Answers(self.chance.random() < stars / 5.5, tuple(chosen), likely)

    # Calls and counters ---------------------------------------------------------------------------------------------

    async def _call(self, one: Customer, where: Address) -> None:
        call = f"demo-{next(self._numbers)}"
        await self._take(where, CallOffered(call, self.past.now), one.name)
        clerk = self.staff.free(one.city)
        if clerk is None:
            await self._pause(20, 60)
            if self.chance.random() < 0.5:
                said = self.chance.choice(self.operator.talk.voicemails)
                await self._take(where, VoicemailLeft(call, self.past.now, 14, said))
            else:
                await self._take(where, CallAbandoned(call, self.past.now))
            return
        clerk.chats.add(await self._contact(where))
        await self._pause(2, 9 if self.chance.random() < 0.93 else 40)
        await self._take(where, CallPickedUp(call, self.past.now, login=clerk.login))
        talked = self.chance.uniform(60, 480)
        await self._pause(talked, talked + 1)
        await self._write_down(await self._contact(where), clerk, CALLS_LEFT_OVER)
        await self._take(where, CallEnded(call, self.past.now, "caller", int(talked)))
        clerk.chats.discard(await self._contact(where))
        if self.chance.random() < 0.5:
            stars = self.chance.choice(STARS)
            await self._pause(5, 30)
            await self._take(where, CallScored(call, self.past.now, (stars - 1) * 25, stars))

    async def _visit(self, one: Customer) -> None:
        outlet = self.chance.choice(self.staff.outlets)
        clerk = self.chance.choice(self.staff.clerks)
        matter = self.chance.choice(self.operator.talk.visits)
        event = Visited(clerk.id, clerk.name, outlet.name, matter, "plan", Outcome.SETTLED, "已在柜台办理完成")
        where = Address("outlet", outlet.id, f"+86{one.phone}")
        await self._take(where, event, one.name)
        await self._write_down(await self._contact(where), clerk, VISITS_LEFT_OVER)

    async def _write_down(self, contact: int, clerk: Clerk, share: float) -> None:
        """Write a ticket down in so many cases."""
        if self.chance.random() < share:
            await self.troubles.open(contact, clerk)

    # Words and acts -------------------------------------------------------------------------------------------------

    async def _prove(self, one: Customer, where: Address) -> None:
        if where not in one.known:
            one.known.add(where)
            await self._take(
                where, Proved(self.house.proofs.of_subject(one.number, realm="demo", means="jwt:demo")), one.name
            )

    async def _say(self, one: Customer, where: Address, text: str) -> None:
        receipt = await self._take(where, Said(text), one.name)
        if receipt.outbox_id is not None:
            self.house.writer.fulfil(receipt.outbox_id)

    async def _take(self, where: Address, event: CustomerEvent, name: str = "") -> Receipt:
        return await self.house.writer.take(Inbound(where, f"demo-{next(self._numbers)}", event, self.past.now, name))

    async def _reply(self, contact: int, clerk: Clerk, text: str) -> None:
        if (version := await self._version(contact)) is not None:
            await self._act(contact, Replied(clerk.id, clerk.name, text, version))

    async def _close(self, contact: int, clerk: Clerk) -> None:
        if (version := await self._version(contact)) is not None:
            await self._act(contact, Closed(clerk.id, clerk.name, version, self.chance.choice(self.wrapups)))

    async def _act(self, contact: int, act: AgentAct) -> Receipt:
        return await self.house.writer.act(contact, f"demo-act-{next(self._numbers)}", act)

    async def _contact(self, where: Address) -> int:
        found: int = await self.house.pool.fetchval(SQL["contact"], *where)
        return found

    async def _version(self, contact: int) -> int | None:
        found: int | None = await self.house.pool.fetchval(SQL["version"], contact)
        return found

    async def _pause(self, least: float, most: float) -> None:
        """Let some time go by, between so many seconds and so many."""
        await self.past.until(self.past.now + timedelta(seconds=self.chance.uniform(least, max(least, most))))
