"""Chats of the demo operator: what the bot answers, who takes over, how it ends, and what customers think of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.play import Play
from bot.demo.public import Customer
from bot.demo.service.troubles import Troubles
from bot.demo.staff import Clerk
from bot.sql import load
from channels.door import Address
from router.dialogue import LEAVE
from router.events import Assigned, Closed, Filled, Noted, QuestionAnswered, Replied
from router.questionnaire.questionnaire import Answers

SQL = load(__file__, "chats.sql")
LEFT_OVER = 0.35
"""The share of chats with people that a department has to solve."""
STARS = (1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5)


@dataclass(frozen=True, slots=True)
class Chats:
    """Lives of chats."""

    play: Play
    troubles: Troubles
    questions: Sequence[str]
    """What the knowledge answers."""
    wrapups: Sequence[str]

    async def live(self, one: Customer, where: Address) -> None:
        """A customer asks the bot, and half of them want more than it knows."""
        play, talk = self.play, self.play.operator.talk
        await play.prove(one, where)
        for _ in range(play.chance.choice((1, 1, 2))):
            await play.say(one, where, play.chance.choice(self.questions))
            await play.pause(20, 150)
        fate = play.chance.random()
        if fate < 0.5:
            return
        if fate < 0.6:
            await self._ask_in_vain(one, where)
            return
        await play.say(one, where, play.chance.choice(talk.matters))
        await play.pause(5, 40)
        await play.say(one, where, play.chance.choice(talk.handoff))
        await self._with_person(one, where)

    async def leave_question(self, one: Customer, where: Address) -> None:
        """A customer asks what the bot does not know, and leaves it for people."""
        play = self.play
        said = play.chance.choice(play.operator.talk.nonsense)
        await play.prove(one, where)
        await play.say(one, where, said)
        await play.pause(5, 30)
        await play.say(one, where, "", LEAVE.id)
        if not await play.house.pool.fetch(SQL["questions_of"], await play.contact(where)):
            await play.say(one, where, said)  # The bot had a guess, and wants to know what is meant.

    async def _ask_in_vain(self, one: Customer, where: Address) -> None:
        """The bot does not know; some let it be, and people answer the others from the list of questions."""
        play = self.play
        if play.happens(0.4):
            await play.say(one, where, play.chance.choice(play.operator.talk.nonsense))
            return
        await self.leave_question(one, where)
        await play.pause(600, 7_000)
        contact = await play.contact(where)
        clerk = play.staff.free(one.city)
        for row in await play.house.pool.fetch(SQL["questions_of"], contact):
            if clerk is not None and play.happens(0.9):
                answer = play.chance.choice(play.operator.talk.replies)
                await play.act(contact, QuestionAnswered(clerk.id, row["id"], row["text"], answer))

    async def _with_person(self, one: Customer, where: Address) -> None:
        play = self.play
        contact = await play.contact(where)
        clerk = await self._taken(one, contact)
        if clerk is None:
            return
        try:
            await self._talk(one, where, contact, clerk)
            if play.happens(0.15):
                await play.act(contact, Noted(clerk.id, play.chance.choice(play.operator.talk.notes)))
            if play.happens(LEFT_OVER):
                await self.troubles.open(contact, clerk)
            await play.pause(60, 400)
            await self._close(contact, clerk)
        finally:
            clerk.chats.discard(contact)
        await self._score(where, contact)

    async def _taken(self, one: Customer, contact: int) -> Clerk | None:
        """Whoever takes the chat, as soon as somebody can; None where it has ended before."""
        play = self.play
        while (clerk := play.staff.free(one.city)) is None:
            await play.pause(30, 90)
            if await play.version(contact) is None:
                return None
        clerk.chats.add(contact)
        await play.pause(2, 15)
        version = await play.version(contact)
        if version is None or (await play.act(contact, Assigned(clerk.id, clerk.name, None, version))).refused:
            clerk.chats.discard(contact)
            return None
        return clerk

    async def _talk(self, one: Customer, where: Address, contact: int, clerk: Clerk) -> None:
        play, talk = self.play, self.play.operator.talk
        if play.happens(0.03):
            await play.pause(1_850, 2_500)
            await play.say(one, where, play.chance.choice(talk.angry))
        else:
            await play.pause(30, 600 * clerk.speed)
        await self._reply(contact, clerk, play.chance.choice(talk.openings).replace("{name}", clerk.name))
        for _ in range(play.chance.choice((1, 1, 2, 3))):
            await play.pause(20, 240)
            await play.say(one, where, play.chance.choice(talk.matters if play.happens(0.3) else talk.thanks))
            await play.pause(40, 500 * clerk.speed)
            await self._reply(contact, clerk, play.chance.choice(talk.answers))

    async def _reply(self, contact: int, clerk: Clerk, text: str) -> None:
        if (version := await self.play.version(contact)) is not None:
            await self.play.act(contact, Replied(clerk.id, clerk.name, text, version))

    async def _close(self, contact: int, clerk: Clerk) -> None:
        if (version := await self.play.version(contact)) is not None:
            await self.play.act(contact, Closed(clerk.id, clerk.name, version, self.play.chance.choice(self.wrapups)))

    async def _score(self, where: Address, contact: int) -> None:
        """A day later the survey comes; more than half of the customers answer it."""
        play = self.play
        await play.pause(24.1 * 3_600, 26 * 3_600)
        survey = await play.house.pool.fetchval(SQL["asked_of"], contact)
        if survey is None or not play.happens(0.6):
            return
        stars = play.chance.choice(STARS)
        words = play.operator.talk.praise if stars > 3 else play.operator.talk.blame
        comment = play.chance.choice(words) if play.happens(0.4) else ""
        await play.take(where, Filled(survey, stars, comment, self._answers(stars)))

    def _answers(self, stars: int) -> Answers:
        """What a customer answers beside the stars; about every second one answers anything."""
        chance = self.play.chance
        if self.play.happens(0.45):
            return Answers()
        offered = [reason.id for reason in self.play.house.snapshot.world.questionnaires.latest.offered(stars)]
        chosen = chance.sample(offered, min(len(offered), chance.choice((1, 1, 2))))
        likely = min(10, max(0, 2 * stars + chance.choice((-2, -1, 0, 0, 1))))
        return Answers(self.play.happens(stars / 5.5), tuple(chosen), likely)
